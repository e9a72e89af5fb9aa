"""File ways: what somebody could declare of strings that hold pictures; none is tried here."""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.obstacle import Declaration
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.encoded import FORMS, PICTURE_RANK

_CHANNELS = frozenset({1, 3, 4})


def file_ways(provided: TensorSpec, required: TensorSpec) -> Iterator[tuple[Declaration, ...]]:
    """Yields that strings are files of pictures, or base64 of them, where the other side has pictures for them."""
    ours, theirs = provided.facts.meaning, required.facts.meaning
    texts, pictures = (provided, required) if provided.dtype == "string" else (required, provided)
    if texts.dtype != "string" or pictures.dtype in {None, "string"} or pictures.facts.meaning not in {None, "pixels"}:
        return
    shape = pictures.shape or ()
    if texts.rank is None or len(shape) != texts.rank + PICTURE_RANK:
        return
    if not _CHANNELS.intersection((shape[-1], shape[-PICTURE_RANK])):
        return
    if texts is required:
        given = () if ours == "pixels" else (Declaration(side="producer", fact="meaning", value="pixels"),)
        taken = () if theirs is not None else (Declaration(side="consumer", fact="meaning", value="encoded_image"),)
        yield (*given, *taken)
        return
    # Text for bytes is read where somebody says that pixels are wanted of it.
    wanted = () if theirs == "pixels" else (Declaration(side="consumer", fact="meaning", value="pixels"),)
    if ours is None:
        yield (Declaration(side="producer", fact="meaning", value="encoded_image"),)
        yield (Declaration(side="producer", fact="meaning", value="base64"), *wanted)
    elif ours in FORMS:
        yield wanted
