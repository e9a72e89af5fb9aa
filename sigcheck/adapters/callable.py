"""Callable: the emitted adapter as a function in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from sigcheck.schema.errors import UsageError


class CallableAdapter:
    """Runs the emitted source on tensors. TensorFlow is imported at the first call.

    Takes a dict of the producer's outputs by name and gives a dict of the consumer's inputs.
    Where one output is adapted it may come bare, and where one input is fed it then goes bare:

        classifier(report.adapter(encoder(batch)))
    """

    def __init__(self, source: str, provided: tuple[str, ...], required: tuple[str, ...]) -> None:
        self.source = source
        self.provided = provided
        self.required = required

    @cached_property
    def function(self) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """`adapt` of the emitted module."""
        module: dict[str, Any] = {"__name__": "sigcheck_adapter"}
        # The text is what sigcheck wrote itself, names of models in it being literals only.
        exec(compile(self.source, "<adapter>", "exec"), module)  # noqa: S102  # the emitted module is what has to run
        adapt: Callable[[dict[str, Any]], dict[str, Any]] = module["adapt"]
        return adapt

    def __call__(self, outputs: Any) -> Any:
        """Adapts a dict of outputs to a dict of inputs, or one tensor to one tensor.

        Raises UsageError where outputs are missing, or where one tensor is given for several.
        """
        if isinstance(outputs, Mapping):
            missing = [name for name in self.provided if name not in outputs]
            if missing:
                raise UsageError("adapter", f"no output {missing[0]!r} in {sorted(map(str, outputs))}. Pass it too.")
            return self.function({name: self._tensor(outputs[name]) for name in self.provided})
        if len(self.provided) != 1:
            raise UsageError(
                "adapter", f"one value, expected a dict with {', '.join(self.provided)}. Pass the outputs by name."
            )
        adapted = self.function({self.provided[0]: self._tensor(outputs)})
        return adapted[self.required[0]] if len(self.required) == 1 else adapted

    @staticmethod
    def _tensor(value: Any) -> Any:
        import tensorflow as tf

        is_tensor = tf.is_tensor(value) or isinstance(value, tf.RaggedTensor | tf.SparseTensor)
        return value if is_tensor else tf.convert_to_tensor(value)
