"""Axis ways: names that somebody could declare of axes, of pictures, of rows and of moved ones; none is tried here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_lowercase
from typing import Literal

from sigcheck.schema.obstacle import Declaration
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.rows import row_names

_Way = tuple[Declaration, ...]

_PICTURES = {
    2: ("height,width",),
    3: ("height,width,channel", "channel,height,width"),
    4: ("batch,height,width,channel", "batch,channel,height,width"),
}
_CHANNELS = frozenset({1, 3, 4})
# Height, width and channels; a batch, rows, and the values of an entry.
_LEAST_PICTURE = _LEAST_ROWS = 3


def names_of_pictures(provided: TensorSpec, required: TensorSpec) -> Iterator[_Way]:
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
    # Without a batch height and width are both known, or both not, and channels too: one open axis is a batch.
    named = {names: sizes for names, sizes in named.items() if "batch" in sizes or _has_no_batch(sizes)}
    known = tuple(names for names, sizes in named.items() if sizes.get("channel", 1) in _CHANNELS)
    return known or tuple(names for names, sizes in named.items() if sizes.get("channel", 1) is None)


def _has_no_batch(sizes: dict[str, int | None]) -> bool:
    is_open = sizes["height"] is None
    return (sizes["width"] is None) == is_open and (is_open or sizes.get("channel", 1) is not None)


def names_of_moved(provided: TensorSpec, required: TensorSpec) -> Iterator[_Way]:
    """Yields names for the axes of both sides that say which is which: moved ones, and some that one side has alone.

    Where one side names its axes the other gets these names.
    """
    shape, wanted = provided.shape, required.shape
    if not shape or not wanted or max(len(shape), len(wanted)) > len(ascii_lowercase):
        return
    # Classes alone are one of each example.
    is_batch = len(shape) == 1 and provided.facts.meaning == "class_ids"
    if is_batch or (provided.facts.axes is not None and required.facts.axes is not None):
        return
    ours, theirs = ([name or "" for name in spec.facts.axes or ()] for spec in (provided, required))
    if "" in (*ours, *theirs):
        return
    if len(shape) == len(wanted):
        if sorted(map(str, shape)) == sorted(map(str, wanted)) and shape != wanted:
            order = _order(shape, wanted)
            if theirs:
                ours = [theirs[order.index(axis)] for axis in range(len(order))]
            ours = ours or list(ascii_lowercase[: len(shape)])
            yield _named(ours, [ours[axis] for axis in order], provided, required)
        return
    is_shorter = len(shape) < len(wanted)
    few, many = (shape, wanted) if is_shorter else (wanted, shape)
    own, longer = (ours, theirs) if is_shorter else (theirs, ours)
    aligned = _aligned(few, many)
    if aligned is not None:
        longer = longer or _lengthened(own, aligned, many)
        own = [longer[place] for place in aligned]
        ours, theirs = (own, longer) if is_shorter else (longer, own)
        yield _named(ours, theirs, provided, required)


def names_of_rows(provided: TensorSpec, required: TensorSpec) -> Iterator[_Way]:
    """Yields names that say along which axis the rows lie, where entries of several values fill them up."""
    rank = provided.rank or 0
    if provided.facts.axes is not None or provided.facts.padding is None or required.rank != rank:
        return
    if not _LEAST_ROWS <= rank <= len(ascii_lowercase):
        return
    yield (Declaration(side="producer", fact="axes", value=row_names(rank)),)


def _lengthened(names: Sequence[str], places: Sequence[int], shape: Shape) -> list[str]:
    """The names of the axes of which those at the places are called so; the first is the batch where none is.

    Without names, too, where it is open: another name would hide that its examples are not those of other inputs.
    """
    count = len(shape)
    if not names:
        first = "a" if shape[0] is not None else "batch"
        return [first, *ascii_lowercase[1:count]]
    free = iter(letter for letter in ascii_lowercase if letter not in names)
    told = dict(zip(places, names, strict=True))
    if "batch" not in names:
        told.setdefault(0, "batch")
    return [told[at] if at in told else next(free) for at in range(count)]


def _named(ours: Sequence[str], theirs: Sequence[str], provided: TensorSpec, required: TensorSpec) -> _Way:
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


def _aligned(few: Shape, many: Shape) -> list[int] | None:
    """Which axes of the longer shape those of the shorter one are, in order, as far behind as may be."""
    places: list[int] = []
    for size in reversed(few):
        left = range(places[-1] if places else len(many))
        at = next((at for at in reversed(left) if size is None or many[at] in {None, size}), None)
        if at is None:
            return None
        places.append(at)
    return places[::-1]


def _order(shape: Shape, wanted: Shape) -> list[int]:
    """An order that makes the one shape the other, of which it is a permutation."""
    left = list(range(len(shape)))
    order = []
    for size in wanted:
        axis = next(axis for axis in left if shape[axis] == size)
        left.remove(axis)
        order.append(axis)
    return order
