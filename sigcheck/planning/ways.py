"""Ways: what somebody could declare of a pair that could make a difference, read off both specs; none is tried here."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase
from typing import Literal

from sigcheck.planning.axis_ways import names_of_moved, names_of_pictures, names_of_rows
from sigcheck.planning.file_ways import file_ways
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Padding
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.meaning_agreement import beyond_meaning
from sigcheck.schema.obstacle import Declaration
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.casting import leaves_nothing
from sigcheck.transforms.parts.classes import SCORES, scored_classes
from sigcheck.transforms.parts.kernels import PARSED

Way = tuple[Declaration, ...]

_MADE_OF = {"lengths": "mask", "mask": "lengths"}
_CHANNELS = frozenset({1, 3, 4})
_COLOURS = 3
_BYTES = (0.0, 255.0)
# Height, width and channels.
_LEAST_PICTURE = 3


def ways(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields what could make a difference, what says most of the values first.

    The order of channels, names of axes, the range of codes, a fill for short rows and where they lie, meanings.
    """
    orders = tuple(_channel_orders(provided, required))
    yield from orders
    for axes in names_of_pictures(provided, required):
        yield axes
        yield from ((*axes, *order) for order in orders)
    yield from _ranges(provided, required)
    yield from _pixels(provided, required)
    yield from _shares(provided, required)
    yield from _shifted(provided, required)
    yield from _paddings(provided, required)
    yield from names_of_rows(provided, required)
    yield from names_of_moved(provided, required)
    yield from _classes(provided)
    yield from _meanings(provided, required)
    yield from file_ways(provided, required)


def _ranges(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields the range that the codes of the consumer stand for, with the producer's where bytes have none yet."""
    quantization = required.facts.quantization
    limits, given = DTYPES[required.dtype or "variant"], DTYPES[provided.dtype or "variant"]
    is_byte = provided.dtype == "uint8" and provided.facts.quantization is None
    if quantization is None or (provided.facts.range is None and not is_byte):
        return
    if len(quantization.scale) > 1 or limits.lowest is None or limits.highest is None:
        return
    scale, zero_point = quantization.scale[0], quantization.zero_point[0]
    low, high = (f"{scale * (end - zero_point):.6g}" for end in (limits.lowest, limits.highest))
    sides: tuple[tuple[Literal["producer", "consumer"], str, TensorSpec], ...] = (
        ("producer", f"{given.lowest},{given.highest}", provided),
        ("consumer", f"{low},{high}", required),
    )
    yield tuple(
        Declaration(side=side, fact="range", value=value) for side, value, spec in sides if spec.facts.range is None
    )


def _pixels(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields what lacks of real pixels that are to be stored as the nearest whole ones: both ranges, and that they are.

    A range that neither side tells is that of bytes.
    """
    sides: tuple[tuple[Literal["producer", "consumer"], TensorSpec], ...] = (
        ("producer", provided),
        ("consumer", required),
    )
    facts = [spec.facts for _, spec in sides]
    kinds = [DTYPES[spec.dtype or "variant"].kind for _, spec in sides]
    if kinds[0] != "float" or kinds[1] not in {"int", "uint"} or any(one.quantization for one in facts):
        return
    is_told = any(one.meaning == "pixels" or one.channel_order is not None for one in facts)
    is_like = all((spec.rank or 0) >= _LEAST_PICTURE and _CHANNELS.intersection(spec.shape or ()) for _, spec in sides)
    if not is_told and not (is_like and any(one.range is not None for one in facts)):
        return
    pixels = next((one.range for one in reversed(facts) if one.range is not None), _BYTES)
    # To the last digit: another range would scale them.
    ends = ",".join(repr(end).removesuffix(".0") for end in pixels)
    lacking = [Declaration(side=side, fact="range", value=ends) for side, spec in sides if spec.facts.range is None]
    if not is_told:
        lacking += [
            Declaration(side=side, fact="meaning", value="pixels") for side, spec in sides if spec.facts.meaning is None
        ]
    yield tuple(lacking)


def _shares(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields the ranges of shares of one that are to be stored in bytes, which have none of them as they are."""
    if required.dtype != "uint8" or required.facts.quantization is not None or not leaves_nothing(provided):
        return
    lacking = (
        Declaration(side="producer", fact="range", value="0,1") if provided.facts.range is None else None,
        Declaration(side="consumer", fact="range", value="0,255") if required.facts.range is None else None,
    )
    yield tuple(one for one in lacking if one is not None)


def _shifted(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields that whole numbers are pixels, where each side has all that its type holds: of others the ranges bound."""
    sides: tuple[tuple[Literal["producer", "consumer"], TensorSpec], ...] = (
        ("producer", provided),
        ("consumer", required),
    )
    for _, spec in sides:
        dtype, facts = DTYPES[spec.dtype or "variant"], spec.facts
        is_full = facts.range is not None and facts.range == (dtype.lowest, dtype.highest)
        if dtype.kind not in {"int", "uint"} or not is_full or facts.quantization or facts.meaning is not None:
            return
    if provided.facts.range != required.facts.range and provided.facts.id_count is None is required.facts.id_count:
        yield tuple(Declaration(side=side, fact="meaning", value="pixels") for side, _ in sides)


def _paddings(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    ours, theirs = provided.shape, required.shape
    is_filled = provided.kind != "dense" or (
        ours is not None and theirs is not None and len(ours) == len(theirs) and ours != theirs
    )
    if required.facts.padding is None and required.kind == "dense" and is_filled:
        yield (Declaration(side="consumer", fact="padding", value=likely_padding(provided, required).as_declared),)


def likely_padding(provided: TensorSpec, required: TensorSpec) -> Padding:
    """The padding to declare of the consumer: the producer's, else the zero of the type, behind the rows.

    >>> from sigcheck.schema.notation import parse_spec
    >>> likely_padding(parse_spec("ragged int32[?, None]"), parse_spec("int32[?, 9]")).as_declared
    '{"value":0}'
    """
    return provided.facts.padding or Padding(value="" if required.dtype == "string" else 0)


def _classes(provided: TensorSpec) -> Iterator[Way]:
    """Yields the name of the classes for a last axis of one entry, which a score for each of the others may have."""
    shape, facts = provided.shape or (), provided.facts
    if facts.meaning in SCORES and facts.axes is None and len(shape) > 1 and shape[-1] == 1:
        names = ",".join((*ascii_lowercase[: len(shape) - 1], "class"))
        yield (Declaration(side="producer", fact="axes", value=names),)


def _channel_orders(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    if provided.facts.channel_order is None and required.facts.channel_order is None:
        ours, theirs = provided.shape or (), required.shape or ()
        if 1 in ours and _COLOURS in theirs and min(len(ours), len(theirs)) >= _LEAST_PICTURE:
            yield (
                Declaration(side="producer", fact="channel_order", value="GRAY"),
                Declaration(side="consumer", fact="channel_order", value="RGB"),
            )


def _meanings(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    ours, theirs = provided.facts.meaning, required.facts.meaning
    if ours is None and theirs in CATEGORICAL and beyond_meaning(provided.facts, required.facts) is None:
        # What names or counts is whole, though its type need not be: then a guard is all that a cast needs.
        yield (Declaration(side="producer", fact="meaning", value=theirs),)
    if ours is None and theirs in _MADE_OF and provided.kind == "dense":
        # A mask has an axis more than the lengths that it is made of, or that are made of it.
        yield (Declaration(side="producer", fact="meaning", value=_MADE_OF[theirs]),)
    if ours in SCORES and theirs is None:
        for meaning in (ours, "class_ids"):
            yield (Declaration(side="consumer", fact="meaning", value=meaning),)
    scored = scored_classes(provided) if theirs == "token_ids" and required.facts.id_count is None else None
    if scored is not None:
        # A vocabulary of as many tokens as there are classes is these classes.
        yield (Declaration(side="consumer", fact="id_count", value=str(scored[1])),)
    if ours == "class_ids" and theirs is None and _is_of_classes(provided, required):
        yield (Declaration(side="consumer", fact="meaning", value="probabilities"),)
    is_written = "string" in {provided.dtype, required.dtype} and provided.dtype != required.dtype
    number = required.dtype if provided.dtype == "string" else provided.dtype
    is_whole = number in PARSED and DTYPES[number or "variant"].kind != "float"
    # What real numbers a text writes out nothing says.
    if ours is None and theirs is None and is_written and is_whole and provided.kind == required.kind:
        sides: tuple[Literal["producer"], Literal["consumer"]] = ("producer", "consumer")
        yield tuple(Declaration(side=side, fact="meaning", value="class_ids") for side in sides)


def _is_of_classes(ids: TensorSpec, required: TensorSpec) -> bool:
    """Whether there may be as many numbers for each id as there are classes: a float each, where nobody counts them."""
    sizes = (required.shape or ())[1:]
    if ids.facts.id_count is not None:
        return ids.facts.id_count in sizes
    is_longer = ids.rank is not None and required.rank == ids.rank + 1 and sizes[-1:] not in {(), (None,), (1,)}
    return is_longer and DTYPES[required.dtype or "variant"].kind == "float"
