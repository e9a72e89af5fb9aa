"""Producers, adapter and consumer in line: each as a function, and all of them as one graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import tensorflow as tf

from sigcheck.readers.loaded.merged import call_apart, call_merged
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor
from sigcheck.verification.first_call import begun
from sigcheck.verification.job import Models
from sigcheck.verification.loaded_model import Call, load_model
from sigcheck.verification.tensors import to_tensorflow, type_spec

# For each producer, its inputs by name; behind them what stands beside the models.
InputGroup = list[dict[str, Any]]


class CalledOver(NamedTuple):
    """How the consumer is called row by row: by what, what all rows of its inputs are, and what it then gives."""

    call: Callable[..., Any]
    fed: Mapping[str, TensorSpec]
    rows: RowCall


@dataclass(frozen=True)
class ModelLine:
    """The loaded models of a job around its adapter. What they raise is left to the caller."""

    models: Models
    adapter: Any
    # The outputs that the adapter takes.
    provided: tuple[str, ...]
    producers: tuple[Call, ...]
    one: Call
    row_call: CalledOver | None = None

    @classmethod
    def load(
        cls, models: Models, adapter: Any, provided: tuple[str, ...], row_call: CalledOver | None = None
    ) -> ModelLine:
        """Loads all models around a traced adapter. Raises LoadError."""
        producers = tuple(load_model(model) for model in models.producers)
        one = begun(load_model(models.consumer), models.consumer)
        return cls(models, adapter, provided, producers, one, row_call)

    def tensors(self, group: Sequence[Mapping[str, Tensor]]) -> InputGroup:
        """The values for each producer as tensors."""
        return [
            {name: to_tensorflow(value, specs[name]) for name, value in values.items()}
            for values, specs in zip(group, self._input_specs, strict=True)
        ]

    def consumer_tensors(self, values: Mapping[str, Tensor]) -> dict[str, Any]:
        """The values for the consumer as tensors."""
        specs = _specs(self.models.consumer.signature.inputs)
        if self.row_call is not None:
            specs = dict(self.row_call.fed)
        return {name: to_tensorflow(value, specs[name]) for name, value in values.items()}

    def consume(self, adapted: Mapping[str, Any]) -> dict[str, Any]:
        """What the consumer gives; where it is called row by row, for one row after the other, as one batch."""
        if self.row_call is None:
            return self.one(adapted)
        count = next(iter(adapted.values())).shape[0]
        specs = _specs(self.models.consumer.signature.inputs)
        rows = ({name: _row(value, at, specs[name]) for name, value in adapted.items()} for at in range(count))
        given = list(map(self.one, rows))
        if not given:
            return {}
        results = self.row_call.rows.results
        return {one.name: _stacked([row[one.name] for row in given], one.spec) for one in results}

    def produce(self, inputs: InputGroup, *, is_together: bool = False) -> dict[str, Any]:
        """What all producers give, under the names that the check has for it.

        One that is called over a batch in front of its own is called once for each entry of that, or with
        `is_together` once for all, as a pipeline calls it.
        """
        outputs: dict[str, Any] = {}
        if self.models.lifted is not None:
            called = call_merged if is_together else call_apart
            return called(self.producers[0], self.models.lifted, inputs[0])
        for call, model, tensors in zip(self.producers, self.models.producers, inputs, strict=False):
            given = call(tensors)
            own = [endpoint.name for endpoint in model.signature.outputs]
            outputs.update({name: given[of] for name, of in zip(model.names, own, strict=True)})
            outputs.update({name: tensors[of] for of, name in model.passes.items()})
        return outputs | inputs[-1] if self.models.beside else outputs

    def adapt(self, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """What the adapter makes of the producers' outputs."""
        adapted: dict[str, Any] = self.adapter({name: outputs[name] for name in self.provided})
        return adapted

    def run_together(self, inputs: InputGroup) -> dict[str, Any]:
        """The consumer's outputs, all three as one graph."""
        outputs: dict[str, Any] = self._graph(inputs)
        return outputs

    @cached_property
    def _graph(self) -> Any:
        signature = [
            {endpoint.name: type_spec(endpoint.spec) for endpoint in inputs if not endpoint.optional}
            for inputs in self._fed
        ]
        signature += [{one.name: type_spec(one.spec) for one in self.models.beside}] if self.models.beside else []
        return tf.function(
            lambda inputs: self._chained(self.produce(inputs, is_together=True)), input_signature=[signature]
        )

    def _chained(self, outputs: Mapping[str, Any]) -> dict[str, Any]:
        if self.row_call is None:
            return self.one(self.adapt(outputs))
        given = {name: outputs[name] for name in self.provided}
        called: dict[str, Any] = self.row_call.call(lambda **inputs: self.one(inputs), given)
        return called

    @property
    def _fed(self) -> list[Sequence[Endpoint]]:
        """What each producer is fed."""
        if self.models.lifted is not None:
            return [self.models.lifted.over]
        return [model.signature.inputs for model in self.models.producers]

    @cached_property
    def _input_specs(self) -> list[dict[str, Any]]:
        specs = [_specs(inputs) for inputs in self._fed]
        return [*specs, _specs(self.models.beside)] if self.models.beside else specs


def _row(whole: Any, at: int, spec: TensorSpec) -> Any:
    """One row as the consumer takes it: rows of several sizes are ragged together, and each of them may be dense."""
    row = whole[at]
    return row.to_tensor(shape=spec.shape) if spec.kind == "dense" and isinstance(row, tf.RaggedTensor) else row


def _stacked(rows: Sequence[Any], whole: TensorSpec) -> Any:
    """The rows as one tensor, ragged where they may have several sizes."""
    if whole.kind == "dense":
        return tf.stack(rows)
    inner = (whole.ragged_rank or 1) - 1
    if not inner:
        return tf.RaggedTensor.from_row_lengths(tf.concat(rows, 0), [row.shape[0] for row in rows])
    apart = [tf.RaggedTensor.from_tensor(row, ragged_rank=inner) if isinstance(row, tf.Tensor) else row for row in rows]
    return tf.ragged.stack(apart)


def _specs(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    return {endpoint.name: endpoint.spec for endpoint in endpoints}
