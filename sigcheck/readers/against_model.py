"""Against the model: where a contract says something else of a model than the model itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sigcheck.schema.finding import Finding
from sigcheck.schema.near_name import near_names
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.tensor_spec import TensorSpec


class Contract(NamedTuple):
    """What is said of a model: by which rule it is told, in which words, and what to do.

    `said` is how the contract has it, such as "served as"; `model` is what people call the model.
    """

    rule: str
    said: str
    model: str
    help: str

    def finding(self, place: str, message: str) -> Finding:
        """What differs, as a finding."""
        return Finding(rule=self.rule, level="error", place=place, message=message, help=self.help)

    def against(
        self,
        inputs: Mapping[str, TensorSpec],
        outputs: Mapping[str, TensorSpec],
        model: Signature,
        own: Collection[str] = (),
    ) -> Iterator[Finding]:
        """Yields where the model says otherwise; `own` are inputs that what keeps the contract feeds itself.

        An output that the contract leaves out is not asked for.
        """
        taken, given = _parts(model.inputs), _parts(model.outputs)
        yield from self._side(inputs, taken, "takes")
        for name, end in taken.items():
            if name not in inputs and name not in own and not end.optional:
                yield self.finding(name, f"not in the contract, {self.model} takes {end}")
        yield from self._side(outputs, given, "gives")

    def _side(self, said: Mapping[str, TensorSpec], own: Mapping[str, Endpoint], verb: str) -> Iterator[Finding]:
        for name, spec in said.items():
            end = own.get(name)
            if end is None:
                near = near_names(name, list(own)) or list(own)[:3]
                listed = ", ".join(near) or "nothing"
                yield self.finding(name, f"{self.said} {spec}, {self.model} {verb} none of this name but {listed}")
            elif not end.parts and (problem := differs(spec, end.spec, is_input=verb == "takes")) is not None:
                yield self.finding(name, f"{self.said} {spec}, {self.model} {verb} {end.spec}: {problem}")


def differs(said: TensorSpec, own: TensorSpec, *, is_input: bool) -> str | None:
    """The first thing that a contract says and the model does not; None where they agree, as far as both say.

    An input that is left open where the model is not lets in what the model refuses.
    """
    if own.kind != said.kind:
        return f"{said.kind}, the model has a {own.kind} tensor"
    if said.dtype is not None and own.dtype is not None and said.dtype != own.dtype:
        return f"dtype {said.dtype}, the model has {own.dtype}"
    if said.shape is None or own.shape is None:
        return None
    if len(said.shape) != len(own.shape):
        return f"rank {len(said.shape)}, the model has {len(own.shape)}"
    for axis, (size, wanted) in enumerate(zip(said.shape, own.shape, strict=True)):
        if wanted is not None and size != wanted and (size is not None or is_input):
            return f"size {'open' if size is None else size} on axis {axis}, the model has {wanted}"
    return None


def _parts(ends: Sequence[Endpoint]) -> dict[str, Endpoint]:
    """The tensors that a server feeds and reads: of one that is taken apart, its parts."""
    return {name: end for end in ends for name in (end.parts or (end.name,))}
