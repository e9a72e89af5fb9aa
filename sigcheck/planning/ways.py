"""Ways: what somebody could declare of a pair that could make a difference, read off both specs; none is tried here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_lowercase
from typing import Literal

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.obstacle import Declaration
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.classes import SCORES
from sigcheck.transforms.parts.kernels import PARSED
from sigcheck.transforms.parts.rows import row_names

Way = tuple[Declaration, ...]

_PICTURES = {
    2: ("height,width",),
    3: ("height,width,channel", "channel,height,width"),
    4: ("batch,height,width,channel", "batch,channel,height,width"),
}
_CHANNELS = frozenset({1, 3, 4})
_COLOURS = 3
# Height, width and channels.
_LEAST_PICTURE = 3
# A batch, rows, and the values of an entry.
_LEAST_ROWS = 3


def ways(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields what could make a difference, what says most of the values first.

    The order of channels, names of axes, the range of codes, a fill for short rows and where they lie, meanings.
    """
    orders = tuple(_channel_orders(provided, required))
    yield from orders
    for axes in _pictures(provided, required):
        yield axes
        yield from ((*axes, *order) for order in orders)
    yield from _ranges(provided, required)
    yield from _paddings(provided, required)
    yield from _rows(provided, required)
    yield from _axes(provided, required)
    yield from _meanings(provided, required)


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


def _paddings(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    ours, theirs = provided.shape, required.shape
    is_filled = provided.kind != "dense" or (
        ours is not None and theirs is not None and len(ours) == len(theirs) and ours != theirs
    )
    if required.facts.padding is None and required.kind == "dense" and is_filled:
        value = '{"value":""}' if required.dtype == "string" else '{"value":0}'
        yield (Declaration(side="consumer", fact="padding", value=value),)


def _rows(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields names that say along which axis the rows lie, where entries of several values fill them up."""
    rank = provided.rank or 0
    if provided.facts.axes is not None or provided.facts.padding is None or required.rank != rank:
        return
    if not _LEAST_ROWS <= rank <= len(ascii_lowercase):
        return
    yield (Declaration(side="producer", fact="axes", value=row_names(rank)),)


def _axes(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields names for the axes of both sides that say which is which: moved ones, and some that one side has alone."""
    shape, wanted = provided.shape, required.shape
    if not shape or not wanted or max(len(shape), len(wanted)) > len(ascii_lowercase):
        return
    if provided.facts.axes is not None and required.facts.axes is not None:
        return
    letters = ascii_lowercase[: len(shape)]
    if len(shape) == len(wanted):
        if sorted(map(str, shape)) == sorted(map(str, wanted)) and shape != wanted:
            yield _named(letters, [letters[axis] for axis in _order(shape, wanted)], provided, required)
        return
    few, many = sorted((shape, wanted), key=len)
    places = next(_alignments(few, many), None)
    if places is not None:
        names = ascii_lowercase[: len(many)]
        own = [names[place] for place in places]
        ours, theirs = (own, names) if len(shape) < len(wanted) else (names, own)
        yield _named(ours, theirs, provided, required)


def _named(ours: Sequence[str], theirs: Sequence[str], provided: TensorSpec, required: TensorSpec) -> Way:
    """The declaration of both sides' axes, each where the side does not name its own."""
    sides: tuple[tuple[Literal["producer", "consumer"], Sequence[str], TensorSpec], ...] = (
        ("producer", ours, provided),
        ("consumer", theirs, required),
    )
    return tuple(
        Declaration(side=side, fact="axes", value=",".join(names))
        for side, names, spec in sides
        if spec.facts.axes is None
    )


def _alignments(few: Shape, many: Shape) -> Iterator[tuple[int, ...]]:
    """Yields which axes of the longer shape those of the shorter one are, in order: from behind, from the front."""
    for is_behind in (True, False):
        left = list(range(len(many)))[:: -1 if is_behind else 1]
        places = []
        for size in few[:: -1 if is_behind else 1]:
            at = next((at for at in left if size is None or many[at] in {None, size}), None)
            if at is None:
                break
            places.append(at)
            left = left[left.index(at) + 1 :]
        if len(places) == len(few):
            yield tuple(places[:: -1 if is_behind else 1])


def _pictures(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields the names of the axes of pictures, where a size that channels have says that there may be some."""
    ours, theirs = provided.shape or (), required.shape or ()
    if (
        {provided.kind, required.kind} != {"dense"}
        or max(len(ours), len(theirs)) < _LEAST_PICTURE
        or not _CHANNELS.intersection((*ours, *theirs))
    ):
        return
    if provided.facts.axes is not None and required.facts.axes is not None:
        return
    for own in _picture_names(ours):
        for other in _picture_names(theirs):
            yield _named(own.split(","), other.split(","), provided, required)


def _picture_names(shape: Shape) -> tuple[str, ...]:
    """Those in which the channels have a size that channels have; where none is known so, those that leave it open."""
    named = {names: dict(zip(names.split(","), shape, strict=True)) for names in _PICTURES.get(len(shape), ())}
    # Without a batch height and width are both known, or both not: one open axis in front is a batch.
    named = {
        names: sizes
        for names, sizes in named.items()
        if "batch" in sizes or (sizes["height"] is None) == (sizes["width"] is None)
    }
    known = tuple(names for names, sizes in named.items() if sizes.get("channel", 1) in _CHANNELS)
    return known or tuple(names for names, sizes in named.items() if sizes.get("channel", 1) is None)


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
    if ours is None and theirs in CATEGORICAL:
        # What names or counts is whole, though its type need not be: then a guard is all that a cast needs.
        yield (Declaration(side="producer", fact="meaning", value=theirs),)
    if ours in SCORES and theirs is None:
        for meaning in (ours, "class_ids"):
            yield (Declaration(side="consumer", fact="meaning", value=meaning),)
    is_written = "string" in {provided.dtype, required.dtype} and provided.dtype != required.dtype
    number = required.dtype if provided.dtype == "string" else provided.dtype
    if ours is None and theirs is None and is_written and number in PARSED and provided.kind == required.kind:
        meaning = "logits" if DTYPES[number or "variant"].kind == "float" else "class_ids"
        sides: tuple[Literal["producer"], Literal["consumer"]] = ("producer", "consumer")
        yield tuple(Declaration(side=side, fact="meaning", value=meaning) for side in sides)


def _order(shape: Shape, wanted: Shape) -> list[int]:
    """An order that makes the one shape the other, of which it is a permutation."""
    left = list(range(len(shape)))
    order = []
    for size in wanted:
        axis = next(axis for axis in left if shape[axis] == size)
        left.remove(axis)
        order.append(axis)
    return order
