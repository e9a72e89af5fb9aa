"""Transpose: change the order of axes, as from channels last to channels first.

## What it does
Puts the axes in the order that the names of both sides ask for. Without names the sizes have
to explain it, better than the order as it is.

## Example
    tf.transpose(x, perm=[0, 3, 1, 2])    float32[?, 8, 8, 3] -> float32[?, 3, 8, 8]

## What it loses or assumes
Nothing is lost. Where the axes of both sides are named, nothing is assumed; else each axis
that moves is an assumption: moving one and keeping the order of the rest assumes least.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import permutations

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import Shape, TensorSpec
from sigcheck.transforms.array import Tensor, dense
from sigcheck.transforms.effort import bytes_moved
from sigcheck.transforms.kernels import MOVED
from sigcheck.transforms.layout import facts_moved, whole_axes
from sigcheck.transforms.reshape import align, can_line_up, is_lined_up
from sigcheck.transforms.transform import Code

NAME = "transpose"

# Orders of more axes are looked at only where names say which is meant: 9! would be 362,880.
MOST_FREE_AXES = 5

# Orders offered where only sizes speak, those that move least first.
MOST_ORDERS = 6

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
    named = order_by_name(spec.facts.axes, required.facts.axes)
    if named is not None:
        if named != tuple(range(len(named))):
            yield from _steps(spec, required, (named,), is_named=True)
        return
    yield from _steps(spec, required, _orders_by_size(spec.shape, required.shape), is_named=False)


def order_by_name(axes: tuple[str | None, ...] | None, required: tuple[str | None, ...] | None) -> Order | None:
    """The order of the axes that puts the names as required; None where the names do not say.

    >>> order_by_name(("h", "w", "c"), ("batch", "c", "h", "w"))
    (2, 0, 1)
    """
    if axes is None or required is None:
        return None
    wanted = [name for name in required if name is not None and name in axes]
    if len(wanted) != len(axes):
        return None
    return tuple(axes.index(name) for name in wanted)


@lru_cache(maxsize=4096)
def _orders_by_size(shape: Shape, required: Shape) -> tuple[Order, ...]:
    if len(shape) > len(required) + MOST_FREE_AXES:
        return ()
    orders = _matching(shape, required) if len(shape) == len(required) else _aligning(shape, required)
    return tuple(sorted(orders, key=lambda order: (moved_axes(shape, order), order))[:MOST_ORDERS])


def _matching(shape: Shape, required: Shape) -> list[Order]:
    """Orders of the axes that do not match in place, where they make more known sizes match."""
    rank = len(shape)
    loose = [axis for axis in range(rank) if not _is_match(shape[axis], required[axis])]
    if not loose:
        return []
    today = _matches(shape, required, tuple(range(rank)))
    best: list[Order] = []
    most = today
    for order in _rearranged(rank, loose):
        count = _matches(shape, required, order)
        if count > most:
            best, most = [], count
        if count == most > today:
            best.append(order)
    return best


def _rearranged(rank: int, loose: list[int]) -> Iterator[Order]:
    """The orders to look at: all, all of the loose axes, or those that move one axis, as there is room for."""
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
        facts = facts_moved(spec.facts, layout, required.facts)
        if facts is None:
            continue
        result = spec.replace(shape=tuple(shape[axis] for axis in order), facts=facts)
        moved = moved_axes(shape, order)
        yield Step(
            transform=NAME,
            arguments={"perm": order},
            result=result,
            assumption=None if is_named else f"the axes are meant in the order {list(order)}",
            cost=Cost(assumptions=0 if is_named else moved, bytes_moved=bytes_moved(spec, result), steps=1),
            layout=layout,
        )


def moved_axes(shape: Shape, order: Order) -> int:
    """How many axes move when the others keep their order; a batch axis that moves counts twice.

    >>> moved_axes((None, 8, 8, 3), (0, 3, 1, 2)), moved_axes((None, 8, 8, 3), (0, 3, 2, 1))
    (1, 2)
    """
    # The longest increasing run of the order is what stays.
    ends: list[int] = []
    for axis in order:
        at = bisect_left(ends, axis)
        ends[at : at + 1] = [axis]
    moves_batch = order[0] != 0 and shape[0] is None
    return len(order) - len(ends) + int(moves_batch)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.transpose`."""
    return Code(f"tf.transpose({value}, perm={list(step.arguments['perm'])})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The same values, axis i of the result being axis perm[i] of the value."""
    import numpy as np

    return np.transpose(dense(value), step.arguments["perm"])
