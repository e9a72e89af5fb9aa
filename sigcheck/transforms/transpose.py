"""Transpose: change the order of axes, as from channels last to channels first.

## What it does
Puts the axes in the order that the names of both sides ask for; axes without a name, or with one
that the consumer has not, take the place that is left. Where there are several such places, and
without names, the sizes have to explain the order, better than the one as it is.

## Example
    tf.transpose(x, perm=[0, 3, 1, 2])    float32[?, 8, 8, 3] -> float32[?, 3, 8, 8]

## What it loses or assumes
Nothing is lost. Where the names of both sides leave one order, nothing is assumed; else each axis
that moves is an assumption: moving one and keeping the order of the rest assumes least.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import combinations_with_replacement, islice, permutations
from math import factorial, prod
from typing import Any

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import Shape, TensorSpec
from sigcheck.transforms.parts.alignment import (
    Pairs,
    align,
    align_in_order,
    can_line_up,
    is_lined_up,
    made_size,
    pairs_by_name,
)
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.layout import facts_moved, whole_axes
from sigcheck.transforms.parts.transform import Code

NAME = "transpose"
ORDER = 60
SETTLES: Coordinates = frozenset({"sizes", "axes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "kernels"})
WRITES: Coordinates = frozenset({"sizes", "axes", "encoding"})

NUMPY_CALLS = {
    "tf.transpose": NumpyCall(("x", "perm"), "({x}).transpose({perm})"),
}
KERAS_CALLS = {"tf.transpose": lambda keras: partial(_transpose_in_keras, keras)}

# Orders of more axes are looked at only where names say which is meant: 9! would be 362,880.
MOST_FREE_AXES = 5

# Orders offered where only sizes speak, those that move least first.
MOST_ORDERS = 6

# Orders looked at of many axes that are required in another order: six of one size have as many.
MOST_ARRANGED = 720

# Ways looked at to put axes without a partner between those that names place; of two in three places there are six.
MOST_PLACEMENTS = 24

Order = tuple[int, ...]


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the order that the names ask for, else those that the sizes explain better than today's.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 8, 3]"), parse_spec("int32[?, 3, 8]"))]
    ['transpose(perm=[0, 2, 1])']
    """
    if spec.kind != "dense" or spec.dtype not in MOVED or spec.shape is None or required.shape is None:
        return
    if len(spec.shape) < 2:  # noqa: PLR2004  # one axis has one order
        return
    today, named = tuple(range(len(spec.shape))), order_by_name(spec, required)
    if named is not None and _is_settled(spec, required, named):
        if named != today:
            yield from _steps(spec, required, (named,), is_named=True)
        return
    orders = islice(dict.fromkeys(_orders(spec, required)), MOST_ORDERS)
    yield from _steps(spec, required, tuple(orders), is_named=False)


def leaves_out(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether there are more orders that names allow, or that sizes may explain, than are looked at."""
    if spec.kind != "dense" or spec.shape is None or required.shape is None or len(spec.shape) < 2:  # noqa: PLR2004
        return False
    named = order_by_name(spec, required)
    if named is not None and _is_settled(spec, required, named):
        return False
    if len(list(islice(_placements(spec, required), MOST_PLACEMENTS + 1))) > MOST_PLACEMENTS:
        return True
    if _has_more_orders(spec.shape, required.shape):
        return True
    return len(list(islice(dict.fromkeys(_orders(spec, required)), MOST_ORDERS + 1))) > MOST_ORDERS


@lru_cache(maxsize=4096)
def _has_more_orders(shape: Shape, required: Shape) -> bool:
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


def order_by_name(spec: TensorSpec, required: TensorSpec) -> Order | None:
    """The one order of the axes that the names ask for; None where they leave several.

    >>> from sigcheck.schema.facts import Facts
    >>> def named(*axes):
    ...     return TensorSpec(dtype="int32", shape=(2,) * len(axes), facts=Facts(axes=axes))
    >>> order_by_name(named("h", "w", "c"), named("batch", "c", "h", "w"))
    (2, 0, 1)
    >>> order_by_name(named("h", "w", "batch"), named("batch", "feature"))
    (2, 0, 1)
    >>> order_by_name(named("h", None, "c"), named(None, "h", None))
    """
    orders = list(islice(_placements(spec, required), 2))
    return orders[0] if len(orders) == 1 else None


def _placements(spec: TensorSpec, required: TensorSpec) -> Iterator[Order]:
    """Yields the orders that put the names as required, and the axes without a partner, in their order, in between.

    None where no name is on both sides: then names say nothing. Where no place is left for what
    has no partner, it stays behind the axis that it follows.
    """
    pairs = sorted(pairs_by_name(spec.facts.axes, required.facts.axes), key=lambda pair: pair[1])
    if not pairs or spec.shape is None:
        return
    shared = [ours for ours, _ in pairs]
    free = [axis for axis in range(len(spec.shape)) if axis not in shared]
    places = _open_places(required.shape or (), [theirs for _, theirs in pairs])
    if free and not places:
        after = {axis: max((shared.index(at) for at in shared if at < axis), default=-1) for axis in free}
        places_of = [tuple(after[axis] + 1 for axis in free)]
    else:
        places_of = list(combinations_with_replacement(places, len(free)))
    for chosen in places_of:
        order: list[int] = []
        for place in range(len(shared) + 1):
            order += [axis for axis, to in zip(free, chosen, strict=True) if to == place]
            order += shared[place : place + 1]
        yield tuple(order)


def _open_places(wanted: Shape, taken: list[int]) -> list[int]:
    """Behind how many of the axes that names place the consumer has room for others."""
    places = {axis: sum(other < axis for other in taken) for axis in range(len(wanted)) if axis not in taken}
    # An axis of one entry is made where it is wanted; nothing has to be moved there.
    wide = {place for axis, place in places.items() if wanted[axis] != 1}
    return sorted(wide or set(places.values()))


def _is_settled(spec: TensorSpec, required: TensorSpec, order: Order) -> bool:
    """Whether no other order is as likely as the one that the names ask for, as it may be of axes without a partner."""
    pairs = pairs_by_name(spec.facts.axes, required.facts.axes)
    if len(order) - len(pairs) <= 1:
        return True
    return _is_explained(spec, required, order) and not _is_taken_apart(spec, required, order, pairs)


def _is_taken_apart(spec: TensorSpec, required: TensorSpec, order: Order, pairs: Pairs) -> bool:
    """Whether this order needs an axis split, where in another one that names allow all have the required sizes.

    Of [4, 2, 2] and [2, 2, 4] nobody means that the 4 is taken apart and the others are put together.
    """
    ours, theirs = spec.shape or (), required.shape or ()
    if len(ours) != len(theirs) or not any(
        _is_whole(ours, theirs, one) for one in _orders_by_size(ours, theirs, pairs)
    ):
        return False
    layouts = zip(align_in_order(spec, required, order), _carried(spec, required, order), strict=True)
    explaining = (layout for layout, carried in layouts if all(wanted in {None, size} for size, wanted in carried))
    return all(any(atom.size is not None for group in layout for atom in group) for layout in explaining)


def _is_whole(shape: Shape, required: Shape, order: Order) -> bool:
    return all(wanted in {None, shape[axis]} for axis, wanted in zip(order, required, strict=True))


def _is_explained(spec: TensorSpec, required: TensorSpec, order: Order) -> bool:
    """Whether in this order all that is carried over has the required size."""
    return any(all(wanted in {None, size} for size, wanted in carried) for carried in _carried(spec, required, order))


def _orders(spec: TensorSpec, required: TensorSpec) -> Iterator[Order]:
    """Yields the orders that names allow and sizes explain; where they explain none, those that names allow."""
    today = tuple(range(len(spec.shape or ())))
    pairs = pairs_by_name(spec.facts.axes, required.facts.axes)
    by_size = _orders_by_size(spec.shape or (), required.shape or (), pairs)
    placed = list(islice(_placements(spec, required), MOST_PLACEMENTS))
    if placed and not _is_explained(spec, required, today):
        explained = [order for order in placed if _is_explained(spec, required, order)]
        if not explained and not by_size:
            explained = [order for order in placed if next(_carried(spec, required, order), None) is not None]
        yield from (order for order in explained if order != today)
    yield from by_size


def _carried(spec: TensorSpec, required: TensorSpec, order: Order) -> Iterator[list[tuple[int | None, int | None]]]:
    """Yields, for each way to line the axes up in this order, the sizes that whole axes make and those required."""
    shape = tuple((spec.shape or ())[axis] for axis in order)
    for layout in align_in_order(spec, required, order):
        groups = zip(layout, required.shape or (), strict=True)
        yield [(made_size(shape, group), size) for group, size in groups if group and group[0].size is None]


@lru_cache(maxsize=4096)
def _orders_by_size(shape: Shape, required: Shape, pairs: Pairs) -> tuple[Order, ...]:
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
    if len(loose) > MOST_FREE_AXES and sorted(map(str, shape)) == sorted(map(str, required)):
        yield from islice(_by_sizes(shape, required), MOST_ARRANGED)
        return
    if len(loose) > MOST_FREE_AXES:
        for axis, to in permutations(range(rank), 2):
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


def _steps(spec: TensorSpec, required: TensorSpec, orders: tuple[Order, ...], *, is_named: bool) -> Iterator[Step]:
    shape = spec.shape or ()
    for order in orders:
        layout = whole_axes([axis] for axis in order)
        facts = facts_moved(spec, layout, required.facts)
        if facts is None:
            continue
        result = spec.replace(shape=tuple(shape[axis] for axis in order), facts=facts)
        moved = moved_axes(shape, order, required.shape)
        yield Step(
            transform=NAME,
            arguments={"perm": order},
            result=result,
            assumption=None if is_named else f"the axes are meant in the order {list(order)}",
            cost=Cost(assumptions=0 if is_named else moved, bytes_moved=bytes_moved(spec, result), steps=1),
            layout=layout,
        )


def moved_axes(shape: Shape, order: Order, required: Shape | None = None) -> int:
    """How many axes move when the others keep their order; a batch axis that moves counts twice.

    The first axis is the batch where its size is unknown, and where the consumer leaves it open and has as many others,
    those of one entry apart: three pictures of three channels are fed as two pictures are.

    >>> moved_axes((None, 8, 8, 3), (0, 3, 1, 2)), moved_axes((None, 8, 8, 3), (0, 3, 2, 1))
    (1, 2)
    >>> moved_axes((3, 8, 8, 3), (3, 0, 1, 2)), moved_axes((3, 8, 8, 3), (3, 0, 1, 2), (None, 3, 8, 8))
    (1, 2)
    """
    # The longest increasing run of the order is what stays.
    ends: list[int] = []
    for axis in order:
        at = bisect_left(ends, axis)
        ends[at : at + 1] = [axis]
    return len(order) - len(ends) + int(order[0] != 0 and _is_of_examples(shape, required))


def _is_of_examples(shape: Shape, required: Shape | None) -> bool:
    if shape[0] is None or not required or required[0] is not None:
        return shape[0] is None
    ours, theirs = (sum(size != 1 for size in sizes[1:]) for sizes in (shape, required))
    return ours == theirs


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.transpose`."""
    return Code(f"tf.transpose({value}, perm={list(step.arguments['perm'])})")


def _transpose_in_keras(keras: Any, x: Any, perm: Sequence[int]) -> Any:
    # The layer keeps the first axis, whatever its size.
    if perm[0] == 0 and len(perm) > 1:
        return keras.layers.Permute(tuple(perm[1:]), dtype=x.dtype)(x)
    return keras.ops.transpose(x, tuple(perm))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The same values, axis i of the result being axis perm[i] of the value."""
    import numpy as np

    return np.transpose(dense(value), step.arguments["perm"])
