"""Alignment: the ways to line up one shape with another by merging and splitting runs of axes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from math import prod
from typing import NamedTuple

from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.facts import Axes
from sigcheck.schema.plan import Atom, Layout
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# More ways to line up two shapes than this are not looked at; a dozen axes have a handful.
MOST_ALIGNMENTS = 12
# The time grows with the square of the number of axes; models have some eight at most.
MOST_AXES = 16

# Places of axes that are the same by name, of the one side and of the other.
Pairs = tuple[tuple[int, int], ...]


class Alignments(NamedTuple):
    """Layouts that line two shapes up, the likeliest first, and whether there are more of them."""

    layouts: tuple[Layout, ...]
    is_cut: bool = False


class Axed(NamedTuple):
    """The axes of a spec: their sizes, and their names. What depends on nothing else is found once for all specs."""

    shape: Shape | None
    axes: Axes | None


def axed(spec: TensorSpec) -> Axed:
    """The axes of a spec."""
    return Axed(spec.shape, spec.facts.axes)


def pairs_by_name(axes: Axes | None, required: Axes | None) -> Pairs:
    """The places of each name that both sides have.

    >>> pairs_by_name(("batch", None, "feature"), ("batch", "feature"))
    ((0, 0), (2, 1))
    """
    if axes is None or required is None:
        return ()
    return tuple((at, required.index(name)) for at, name in enumerate(axes) if name is not None and name in required)


def align_in_order(spec: Axed, required: Axed, order: tuple[int, ...]) -> tuple[Layout, ...]:
    """The likeliest layouts that turn the axes in this order into the required ones, as far as names and sizes say."""
    return alignments(spec, required, order).layouts


@lru_cache(maxsize=MOST_REMEMBERED)
def alignments(spec: Axed, required: Axed, order: tuple[int, ...]) -> Alignments:
    """As `align_in_order`, with whether there are more of them."""
    ours, theirs = spec.axes, required.axes
    shape, wanted = tuple((spec.shape or ())[axis] for axis in order), required.shape or ()
    pairs = tuple((order.index(axis), to) for axis, to in pairs_by_name(ours, theirs))
    return _align(shape, wanted, pairs, is_named=None not in (ours or (None,)) and None not in (theirs or (None,)))


def align(shape: Shape, required: Shape) -> tuple[Layout, ...]:
    """The likeliest layouts that turn the one shape into the other, where no names are known."""
    return _align(shape, required).layouts


@lru_cache(maxsize=MOST_REMEMBERED)
def _align(shape: Shape, required: Shape, pairs: Pairs = (), *, is_named: bool = False) -> Alignments:
    """The likeliest layouts that turn the one shape into the other by merging or splitting runs of axes.

    An axis that has one partner only is carried over, whatever its size: other steps may pad,
    guard or repeat it. Size-1 axes come and go on both sides. Axes that are `pairs`, as names say,
    have one another as their only partner. Shapes of more than `MOST_AXES` axes are not lined up.
    """
    if max(len(shape), len(required)) > MOST_AXES:
        return Alignments((), is_cut=True)
    is_cut = False
    has_surplus = len(shape) > len(required)
    if is_named:
        # What has a name and no partner was flattened where there is not room for all of it.
        ours, theirs = ({pair[side] for pair in pairs} for side in (0, 1))
        has_surplus |= _wide(shape, ours) > _wide(required, theirs)

    paired = {ours for ours, _ in pairs}
    single = frozenset(axis for axis, size in enumerate(shape) if size == 1 and axis not in paired)

    @cache
    def walk(i: int, j: int) -> tuple[Layout, ...]:
        nonlocal is_cut
        if i == len(shape) and j == len(required):
            return ((),)
        # Merges and exact partners first: they are the likeliest, and the count is bounded.
        found = (
            (*group, *rest)
            for group, taken in _groups(shape, required, i, j, has_surplus=has_surplus)
            if _keeps(pairs, range(i, i + taken), range(j, j + len(group)))
            for rest in walk(i + taken, j + len(group))
        )
        if single:
            # Where an axis of one entry comes from, if no name says it, makes no other values.
            kept: dict[Layout, Layout] = {}
            for layout in found:
                kept.setdefault(_form(layout, single), layout)
            layouts = tuple(kept.values())
        else:
            layouts = tuple(islice(found, MOST_ALIGNMENTS + 1))
        is_cut |= len(layouts) > MOST_ALIGNMENTS
        return layouts[:MOST_ALIGNMENTS]

    return Alignments(walk(0, 0), is_cut)


def _form(layout: Layout, single: frozenset[int]) -> Layout:
    """The layout without the axes of one entry: what decides where the values are."""
    return tuple(tuple(atom for atom in group if atom.axis not in single) for group in layout)


def _wide(shape: Shape, partnered: set[int]) -> int:
    """How many axes without a partner hold more than one entry."""
    return sum(size != 1 and axis not in partnered for axis, size in enumerate(shape))


def _keeps(pairs: Pairs, sources: range, made: range) -> bool:
    """Whether the axes of a pair are left to one another: both of them beyond these axes, or all there is here."""
    if len(sources) == len(made) == 1:
        return all((ours in sources) == (theirs in made) for ours, theirs in pairs)
    return not any(ours in sources or theirs in made for ours, theirs in pairs)


def is_lined_up(layout: Layout, shape: Shape, required: Shape) -> bool:
    """Whether the layout leaves nothing to do: what it carries over has the required size.

    >>> [is_lined_up(layout, (4, 6), (24,)) for layout in align((4, 6), (24,))]
    [True]
    """
    return all(
        len(group) != 1 or group[0].size is not None or wanted is None or shape[group[0].axis] == wanted
        for group, wanted in zip(layout, required, strict=True)
    )


def can_line_up(shape: Shape, required: Shape) -> bool:
    """Whether some layout lines the shapes up, be it among the likeliest ones or not.

    >>> can_line_up((4, 6), (24,)), can_line_up((6, None), (4, None))
    (True, False)
    """
    reached, left = {(0, 0)}, [(0, 0)]
    while left:
        i, j = left.pop()
        if i == len(shape) and j == len(required):
            return True
        for taken, made in _runs(shape, required, i, j, has_surplus=len(shape) > len(required)):
            to = (i + taken, j + made)
            is_settled = taken != 1 or made != 1 or required[j] is None or shape[i] == required[j]
            if is_settled and to not in reached:
                reached.add(to)
                left.append(to)
    return False


def _groups(shape: Shape, required: Shape, i: int, j: int, *, has_surplus: bool) -> Iterator[tuple[Layout, int]]:
    """Ways to make the next result axes of the next source axes: the axes made, the sources taken."""
    for taken, made in _runs(shape, required, i, j, has_surplus=has_surplus):
        if taken == 1 < made:
            yield split(i, tuple(part or 1 for part in required[j : j + made])), taken
        else:
            yield (tuple(Atom(i + k) for k in range(taken)),) * made, taken


def _runs(shape: Shape, required: Shape, i: int, j: int, *, has_surplus: bool) -> Iterator[tuple[int, int]]:
    """Yields how many source axes may become how many result axes next.

    One of one is carried over, several of one merged, one of several split; none comes or goes.
    """
    if i < len(shape) and j < len(required):
        yield 1, 1
        wanted = required[j]
        for count in range(2, len(shape) - i + 1):
            if _is_merge(shape[i : i + count], wanted, has_surplus=has_surplus):
                yield count, 1
        size = shape[i]
        for count in range(2, len(required) - j + 1):
            parts = required[j : j + count]
            if size is not None and size > 1 and None not in parts and prod(part or 0 for part in parts) == size:
                yield 1, count
    if i < len(shape) and shape[i] == 1:
        yield 1, 0
    # Of unknown sizes only the batch is ever meant to be a new axis of size 1.
    if j < len(required) and (required[j] == 1 or (j == 0 and required[j] is None)):
        yield 0, 1


def _is_merge(sizes: Shape, wanted: int | None, *, has_surplus: bool) -> bool:
    if 1 in {sizes[0], sizes[-1]}:
        return False
    if None not in sizes and wanted is not None:
        return prod(size or 1 for size in sizes) == wanted
    # Unknown sizes explain nothing: they are merged only where there are axes too many.
    return has_surplus


def split(axis: int, parts: tuple[int, ...]) -> Layout:
    """The axes that one axis becomes; of a part of size 1 nothing."""
    if sum(part > 1 for part in parts) == 1:
        # Beside axes of size 1 an axis is whole.
        return tuple((Atom(axis),) if part > 1 else () for part in parts)
    return tuple((Atom(axis, part, prod(parts[at + 1 :])),) if part > 1 else () for at, part in enumerate(parts))


def made_size(shape: Shape, group: tuple[Atom, ...]) -> int | None:
    """The size of an axis that is made of these parts; None where it is not known."""
    sizes = [shape[atom.axis] if atom.size is None else atom.size for atom in group]
    return None if None in sizes else prod(size or 0 for size in sizes)
