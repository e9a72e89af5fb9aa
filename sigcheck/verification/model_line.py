"""Producers, adapter and consumer in line: each as a function, and all of them as one graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tensorflow as tf

from sigcheck.schema.signature import Endpoint
from sigcheck.transforms.parts.array import Tensor
from sigcheck.verification.job import Models
from sigcheck.verification.loaded_model import Call, load_model
from sigcheck.verification.tensors import to_tensorflow, type_spec

# For each producer, its inputs by name; behind them what stands beside the models.
InputGroup = list[dict[str, Any]]


@dataclass(frozen=True)
class ModelLine:
    """The loaded models of a job around its adapter. What they raise is left to the caller."""

    models: Models
    adapter: Any
    # The outputs that the adapter takes.
    provided: tuple[str, ...]
    producers: tuple[Call, ...]
    consume: Call

    @classmethod
    def load(cls, models: Models, adapter: Any, provided: tuple[str, ...]) -> ModelLine:
        """Loads all models around a traced adapter. Raises LoadError."""
        producers = tuple(load_model(model) for model in models.producers)
        return cls(models, adapter, provided, producers, load_model(models.consumer))

    def tensors(self, group: Sequence[Mapping[str, Tensor]]) -> InputGroup:
        """The values for each producer as tensors."""
        return [
            {name: to_tensorflow(value, specs[name]) for name, value in values.items()}
            for values, specs in zip(group, self._input_specs, strict=True)
        ]

    def consumer_tensors(self, values: Mapping[str, Tensor]) -> dict[str, Any]:
        """The values for the consumer as tensors."""
        specs = _specs(self.models.consumer.signature.inputs)
        return {name: to_tensorflow(value, specs[name]) for name, value in values.items()}

    def produce(self, inputs: InputGroup) -> dict[str, Any]:
        """What all producers give, under the names that the check has for it."""
        outputs: dict[str, Any] = {}
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
            {endpoint.name: type_spec(endpoint.spec) for endpoint in model.signature.inputs if not endpoint.optional}
            for model in self.models.producers
        ]
        signature += [{one.name: type_spec(one.spec) for one in self.models.beside}] if self.models.beside else []
        return tf.function(lambda inputs: self.consume(self.adapt(self.produce(inputs))), input_signature=[signature])

    @cached_property
    def _input_specs(self) -> list[dict[str, Any]]:
        specs = [_specs(model.signature.inputs) for model in self.models.producers]
        return [*specs, _specs(self.models.beside)] if self.models.beside else specs


def _specs(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    return {endpoint.name: endpoint.spec for endpoint in endpoints}
