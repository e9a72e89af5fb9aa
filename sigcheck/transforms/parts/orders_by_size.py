"""Orders by size: those in which the axes of one shape would be those of another, as far as the sizes say."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice, permutations
from math import factorial, prod

from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.shape import Shape
from sigcheck.transforms.parts.alignment import Pairs, align, can_line_up, is_lined_up

# Orders of more axes are looked at only where names say which is meant: 9! would be 362,880.
MOST_FREE_AXES = 5

# Orders offered where only sizes speak, those that move least first.
MOST_ORDERS = 6

# Orders looked at of many axes: six of one size that are required in another order have as many.
MOST_ARRANGED = 720

# Which axis stands at each place.
Order = tuple[int, ...]


@lru_cache(maxsize=MOST_REMEMBERED)
def orders_by_size(shape: Shape, required: Shape, pairs: Pairs) -> tuple[Order, ...]:
    """The orders that the sizes explain, of those that put the axes of the pairs as required."""
    if len(shape) > len(required) + MOST_FREE_AXES:
        return ()
    orders = _matching(shape, required) if len(shape) == len(required) else _aligning(shape, required)
    shared = [ours for ours, _ in sorted(pairs, key=lambda pair: pair[1])]
    agreed = [order for order in orders if [at for at in order if at in shared] == shared]
    return tuple(sorted(agreed, key=lambda order: (moved_axes(shape, order, required), order))[:MOST_ORDERS])


def _matching(shape: Shape, required: Shape) -> list[Order]:
    """Orders of the axes that do not match in place, where they make more known sizes match."""
    rank = len(shape)
    loose = [axis for axis in range(rank) if not _is_match(shape[axis], required[axis])]
    if not loose:
        return []
    today = _matches(shape, required, tuple(range(rank)))
    best: list[Order] = []
    most = today
    for order in _rearranged(shape, required, loose):
        count = _matches(shape, required, order)
        if count > most:
            best, most = [], count
        if count == most > today:
            best.append(order)
    return best


def _rearranged(shape: Shape, required: Shape, loose: list[int]) -> Iterator[Order]:
    """The orders to look at: all, all of the loose axes, or those that the sizes name, as there is room for."""
    rank = len(shape)
    if len(loose) > MOST_FREE_AXES and Counter(shape) == Counter(required):
        yield from islice(_by_sizes(shape, required), MOST_ARRANGED)
        return
    if len(loose) > MOST_FREE_AXES:
        for axis, to in islice(permutations(range(rank), 2), MOST_ARRANGED):
            rest = [other for other in range(rank) if other != axis]
            yield (*rest[:to], axis, *rest[to:])
        return
    # Equal sizes in place may have to move too, as the two 8 of [8, 8, 3] -> [3, 8, 8].
    free = loose if rank > MOST_FREE_AXES else list(range(rank))
    for arranged in permutations(free):
        order = list(range(rank))
        for at, axis in zip(free, arranged, strict=True):
            order[at] = axis
        yield tuple(order)


def _by_sizes(shape: Shape, required: Shape) -> Iterator[Order]:
    """Yields the orders that put each size where it is required; axes of one size first in the order that they have.

    >>> list(_by_sizes((2, 3, 3), (3, 3, 2)))
    [(1, 2, 0), (2, 1, 0)]
    """
    order = [0] * len(shape)

    def walk(sizes: list[int | None]) -> Iterator[Order]:
        if not sizes:
            yield tuple(order)
            return
        places = [at for at, wanted in enumerate(required) if wanted == sizes[0]]
        for axes in permutations(at for at, own in enumerate(shape) if own == sizes[0]):
            for at, axis in zip(places, axes, strict=True):
                order[at] = axis
            yield from walk(sizes[1:])

    yield from walk(list(dict.fromkeys(required)))


def _matches(shape: Shape, required: Shape, order: Order) -> int:
    return sum(shape[axis] is not None and shape[axis] == wanted for axis, wanted in zip(order, required, strict=True))


def _is_match(size: int | None, wanted: int | None) -> bool:
    return size is not None and size == wanted


def _aligning(shape: Shape, required: Shape) -> list[Order]:
    """Orders after which merging or splitting alone gives the required shape, where today's does not."""
    rank = len(shape)
    if rank > MOST_FREE_AXES or _lines_up(shape, required):
        return []
    # Axes of one size make the same shapes in many orders.
    lines_up = cache(_lines_up)
    return [
        order
        for order in permutations(range(rank))
        if order != tuple(range(rank)) and lines_up(tuple(shape[axis] for axis in order), required)
    ]


def _lines_up(shape: Shape, required: Shape) -> bool:
    # Most of the orders are ruled out before their layouts are written down.
    return can_line_up(shape, required) and any(
        is_lined_up(layout, shape, required) for layout in align(shape, required)
    )


def moved_axes(shape: Shape, order: Order, required: Shape | None = None) -> int:
    """How many axes move when the others keep their order; a batch axis that moves counts twice, one of one entry not.

    The first axis is the batch where its size is unknown, and where the consumer leaves it open and has as many others,
    those of one entry apart: three pictures of three channels are fed as two pictures are.

    >>> moved_axes((None, 8, 8, 3), (0, 3, 1, 2)), moved_axes((None, 8, 8, 3), (0, 3, 2, 1))
    (1, 2)
    >>> moved_axes((3, 8, 8, 3), (3, 0, 1, 2)), moved_axes((3, 8, 8, 3), (3, 0, 1, 2), (None, 3, 8, 8))
    (1, 2)
    >>> moved_axes((1, 3, 8), (1, 0, 2)), moved_axes((1, 3, 8), (2, 0, 1))
    (0, 1)
    """
    # No value moves with an axis of one entry. The longest increasing run of the others is what stays.
    wide = [axis for axis in order if shape[axis] != 1]
    ends: list[int] = []
    for axis in wide:
        at = bisect_left(ends, axis)
        ends[at : at + 1] = [axis]
    return len(wide) - len(ends) + int(order[0] != 0 and _is_of_examples(shape, required))


def _is_of_examples(shape: Shape, required: Shape | None) -> bool:
    if shape[0] is None or not required or required[0] is not None:
        return shape[0] is None
    ours, theirs = (sum(size != 1 for size in sizes[1:]) for sizes in (shape, required))
    return ours == theirs


@lru_cache(maxsize=MOST_REMEMBERED)
def has_more_orders(shape: Shape, required: Shape) -> bool:
    """Whether sizes may explain orders that are not looked at, or not offered."""
    loose = [
        axis for axis, (size, wanted) in enumerate(zip(shape, required, strict=False)) if not _is_match(size, wanted)
    ]
    if len(shape) != len(required):
        return len(shape) > MOST_FREE_AXES and _could_fill(shape, required) and not _lines_up(shape, required)
    if len(loose) <= MOST_FREE_AXES:
        return len(_matching(shape, required)) > MOST_ORDERS
    counts = Counter(shape)
    if counts == Counter(required):
        return prod(map(factorial, counts.values())) > MOST_ORDERS
    # Of many axes one at a time is moved: sizes may be met by moving more.
    met = sum(min(count, required.count(size)) for size, count in counts.items() if size is not None)
    return met > _matches(shape, required, tuple(range(len(shape))))


def _could_fill(shape: Shape, required: Shape) -> bool:
    """Whether there are as many entries as required, as far as the sizes are known."""
    sizes = (*shape, *required)
    return None in sizes or prod(size or 0 for size in shape) == prod(size or 0 for size in required)
