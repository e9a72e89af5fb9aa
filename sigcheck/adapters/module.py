"""Module: the emitted adapter as a `tf.Module` that can be saved. Imports TensorFlow."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sigcheck.adapters.emitted import load_emitted
from sigcheck.schema.errors import UsageError
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec

SERVING_KEY = "serving_default"

# The names that a signature function has for itself (tensorflow/python/eager/polymorphic_function).
_RESERVED = frozenset({"self"})


def load_adapt(source: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """`adapt` of an emitted module, untouched by AutoGraph: it has no Python control flow."""
    import tensorflow as tf

    adapt: Callable[[dict[str, Any]], dict[str, Any]] = tf.autograph.experimental.do_not_convert(load_emitted(source))
    return adapt


def build_module(source: str, bindings: Sequence[Binding], arguments: Mapping[str, str] | None = None) -> Any:
    """A `tf.Module` whose `__call__` has the provided specs as its input signature, the names as keys of a dict.

    `serve` is the function to save as a signature: each output a named argument, each input a
    named result. `arguments` are other names for outputs as arguments. Raises UsageError where TensorFlow cannot
    have a name as that of an argument.
    """
    import tensorflow as tf

    adapt = load_adapt(source)
    sources = {source.name: source.spec for binding in bindings for source in binding.sources}
    specs = {name: type_spec(spec, name) for name, spec in sources.items()}
    told = arguments or {}
    names = {told.get(name, name): name for name in specs}
    named = {argument: type_spec(sources[name], argument) for argument, name in names.items()}
    check_argument_names(named)

    class Adapter(tf.Module):  # type: ignore[misc]  # TensorFlow ships no types
        """An adapter that sigcheck planned."""

        @tf.function(input_signature=[specs], autograph=False)  # type: ignore[untyped-decorator]  # it ships no types
        def __call__(self, outputs: dict[str, Any]) -> dict[str, Any]:
            """From the producer's outputs to the consumer's inputs, by name."""
            return adapt(outputs)

    def serve(**outputs: Any) -> dict[str, Any]:
        return adapt({names[argument]: tensor for argument, tensor in outputs.items()})

    module = Adapter(name="adapter")
    module.serve = tf.function(serve, autograph=False).get_concrete_function(**named)
    return module


def check_argument_names(names: Iterable[str]) -> None:
    """Raises UsageError for a name that TensorFlow would change in a signature, or refuse."""
    for name in names:
        if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name) or name in _RESERVED:
            problem = "no name that an input of a new SavedModel can have, expected one that Python allows for an"
            raise UsageError(name, f"{problem} argument. Take another form, such as --as python.")


def type_spec(spec: TensorSpec, name: str | None = None) -> Any:
    """TensorFlow's spec of the same tensors. Raises UsageError where the dtype is not known."""
    import tensorflow as tf

    if spec.dtype is None:
        raise UsageError(str(name), "of unknown dtype, expected one that is known. Declare it in a signature file.")
    if spec.kind == "sparse":
        return tf.SparseTensorSpec(spec.shape, spec.dtype)
    if spec.kind == "ragged":
        return tf.RaggedTensorSpec(
            spec.shape, spec.dtype, ragged_rank=spec.ragged_rank, row_splits_dtype=tf.as_dtype(spec.row_splits_dtype)
        )
    return tf.TensorSpec(spec.shape, spec.dtype, name=name)
