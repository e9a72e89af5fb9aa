"""Producers, adapter and consumer in line: each as a function, and all of them as one graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tensorflow as tf

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.signature import Endpoint
from sigcheck.verification.job import Models, Subject
from sigcheck.verification.loaded_model import Call, load_model
from sigcheck.verification.model_inputs import InputCase
from sigcheck.verification.tensors import to_tensorflow, type_spec
from sigcheck.verification.trial import Trial

# For each producer, its inputs by name.
InputGroup = list[dict[str, Any]]


@dataclass(frozen=True)
class ModelLine:
    """The loaded models of a job around its adapter. What they raise is left to the caller."""

    trial: Trial
    models: Models
    producers: tuple[Call, ...]
    consume: Call

    @classmethod
    def load(cls, trial: Trial, models: Models, tell: Callable[[str, Subject], None]) -> ModelLine:
        """Loads all models; `tell` hears of each before. Raises LoadError."""
        producers = []
        for model in models.producers:
            tell(f"loading {model.source}", "producer")
            producers.append(load_model(model))
        tell(f"loading {models.consumer.source}", "consumer")
        return cls(trial, models, tuple(producers), load_model(models.consumer))

    def tensors(self, group: Sequence[InputCase]) -> InputGroup:
        """The generated values as tensors."""
        return [
            {name: to_tensorflow(value, specs[name]) for name, value in case.values.items()}
            for case, specs in zip(group, self._input_specs, strict=True)
        ]

    def produce(self, inputs: InputGroup) -> dict[str, Any]:
        """What all producers give, under the names that the check has for it."""
        outputs: dict[str, Any] = {}
        for call, model, tensors in zip(self.producers, self.models.producers, inputs, strict=True):
            given = call(tensors)
            own = [endpoint.name for endpoint in model.signature.outputs]
            outputs.update({name: given[of] for name, of in zip(model.names, own, strict=True)})
        return outputs

    def adapt(self, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """What the adapter makes of the producers' outputs."""
        adapted: dict[str, Any] = self.trial.function({name: outputs[name] for name in self.trial.provided})
        return adapted

    def run_together(self, inputs: InputGroup) -> dict[str, Any]:
        """The consumer's outputs, all three as one graph."""
        outputs: dict[str, Any] = self._graph(inputs)
        return outputs

    @property
    def digits(self) -> int:
        """The digits of the narrowest float that values pass through between the models."""
        dtypes = [
            DTYPES[one.spec.dtype] for one in (*self.trial.job.provided, *self.trial.job.required) if one.spec.dtype
        ]
        return min((dtype.digits for dtype in dtypes if dtype.kind == "float"), default=DTYPES["float32"].digits)

    @cached_property
    def _graph(self) -> Any:
        signature = [
            {endpoint.name: type_spec(endpoint.spec) for endpoint in model.signature.inputs if not endpoint.optional}
            for model in self.models.producers
        ]
        return tf.function(lambda inputs: self.consume(self.adapt(self.produce(inputs))), input_signature=[signature])

    @cached_property
    def _input_specs(self) -> list[dict[str, Any]]:
        return [_specs(model.signature.inputs) for model in self.models.producers]


def _specs(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    return {endpoint.name: endpoint.spec for endpoint in endpoints}
