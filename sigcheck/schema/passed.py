"""Passed: tensors of earlier models that a link may take besides what its producer gives, as people name them.

    input.image            an input of the producer
    detector.boxes         an output of a model before the producer
    detector.input.image   an input of that one

A model is called as its file is, without the ending; in a config as its entry. The notation stands where the
name of an output may stand, and names the tensor in reports, adapters and certificates, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.value import MadeValue

INPUT = "input"


class Passed(MadeValue):
    """A tensor of an earlier model: its endpoint under the name that links have for it, and where it comes from.

    `model` counts from 0, `tensor` is what the model itself calls it.
    """

    endpoint: Endpoint
    model: int
    end: Literal["inputs", "outputs"]
    tensor: str

    @property
    def name(self) -> str:
        """What links call it."""
        return self.endpoint.name


def in_scope(models: Sequence[tuple[str, Signature]]) -> tuple[Passed, ...]:
    """What a link behind these models may take besides the outputs of the last of them, which is its producer.

    Each has the name that no other has; a tensor that would be called as an output of the producer is, or as one
    nearer to it, cannot be named. An input that need not be fed has no values to pass on.

    >>> from sigcheck.schema.notation import parse_spec
    >>> image, boxes = (Endpoint(name=name, spec=parse_spec("float32[?, 4]")) for name in ("image", "boxes"))
    >>> detector = Signature(inputs=(image,), outputs=(boxes,))
    >>> [one.name for one in in_scope([("detector", detector)])]
    ['input.image']
    >>> [one.name for one in in_scope([("detector", detector), ("crop", detector)])]
    ['input.image', 'detector.boxes', 'detector.input.image']
    """
    taken = {one.name for one in models[-1][1].outputs}
    found = []
    for one in _named(models):
        if one.name not in taken:
            taken.add(one.name)
            found.append(one)
    return tuple(found)


def _named(models: Sequence[tuple[str, Signature]]) -> Iterator[Passed]:
    last = len(models) - 1
    for number in range(last, -1, -1):
        stem, signature = models[number]
        prefix = "" if number == last else f"{stem}."
        for end in signature.outputs if number < last else ():
            yield _passed(end, f"{prefix}{end.name}", number, "outputs")
        for end in signature.inputs:
            if not end.optional:
                # What a model takes of an input proves nothing of what somebody gives it.
                yield _passed(end.model_copy(update={"inferred": ()}), f"{prefix}{INPUT}.{end.name}", number, "inputs")


def _passed(end: Endpoint, name: str, model: int, side: Literal["inputs", "outputs"]) -> Passed:
    return Passed(
        endpoint=end.model_copy(update={"name": name, "parts": (), "unless_fed": ()}),
        model=model,
        end=side,
        tensor=end.name,
    )


def giver_of(name: str, producer: str, signatures: Mapping[str, Signature]) -> tuple[str, str] | None:
    """The model that gives what a link from the producer takes under this name, and its name behind that model.

    None where none of these models does.

    >>> from sigcheck.schema.notation import parse_spec
    >>> image, boxes = (Endpoint(name=name, spec=parse_spec("float32[?, 4]")) for name in ("image", "boxes"))
    >>> models = {"detector": Signature(inputs=(image,), outputs=(boxes,)), "crop": Signature(inputs=(image, boxes))}
    >>> [giver_of(name, "crop", models) for name in ("input.image", "detector.boxes", "detector.input.image", "boxes")]
    [('crop', 'input.image'), ('detector', 'boxes'), ('detector', 'input.image'), None]
    """
    if _can_give(signatures.get(producer), name):
        return producer, name
    parts = name.split(".")
    for at in range(len(parts) - 1, 0, -1):
        model, own = ".".join(parts[:at]), ".".join(parts[at:])
        if _can_give(signatures.get(model), own):
            return model, own
    return None


def _can_give(signature: Signature | None, name: str) -> bool:
    if signature is None:
        return False
    outputs = (one.name == name for one in signature.outputs)
    return any(outputs) or any(f"{INPUT}.{one.name}" == name for one in signature.inputs)


def of_own_sizes(passed: Sequence[Passed], last: int) -> tuple[Passed, ...]:
    """The tensors, without the sizes of models before the last: these speak of other inputs than its own do."""
    return tuple(
        one
        if one.model == last
        else one.model_copy(update={"endpoint": one.endpoint.model_copy(update={"sizes": None})})
        for one in passed
    )
