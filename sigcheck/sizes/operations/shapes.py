"""Shapes: the sizes of a tensor as numbers, and the vectors that are made of numbers alone."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule
from sigcheck.sizes.operations.elementwise import broadcast
from sigcheck.sizes.tensor import MOST_NUMBERS, Sized, divide, numbers, product, subtract


def _shape(call: Call) -> Sized:
    sizes = call.operands[0].sizes
    return Sized((call.fresh(),)) if sizes is None else numbers(sizes)


def _shapes(call: Call) -> list[Sized]:
    return [Sized((call.fresh(),)) if one.sizes is None else numbers(one.sizes) for one in call.operands]


def _rank(call: Call) -> Sized:
    return Sized((), (len(call.sizes()),))


def _count(call: Call) -> Sized:
    return Sized((), (product(call.sizes()),))


def _range(call: Call) -> Sized:
    if any(operand.numbers is None for operand in call.operands[:3]):
        return Sized((call.fresh(),))
    (start,), (limit,), (step,) = call.numbers(0), call.numbers(1), call.integers(2)
    if step < 1:
        return Sized((call.fresh(),))
    distance = subtract(limit, start)
    if isinstance(start, int) and isinstance(limit, int) and limit - start <= MOST_NUMBERS * step:
        return numbers(list(range(start, limit, step)))
    call.require("at_least", limit, start)
    # Of steps of one every position up to the limit is there.
    below = limit if step == 1 and isinstance(start, int) and start >= 0 else None
    return Sized((divide(distance + (step - 1), step),), below=below)


def _gradient_arguments(call: Call) -> list[Sized]:
    """What a broadcast does to two shapes: how much, nobody asks for."""
    _broadcast(call)
    return [Sized((call.fresh(),)), Sized((call.fresh(),))]


def _broadcast(call: Call) -> Sized:
    return numbers(broadcast(call, call.numbers(0), call.numbers(1)))


def _spaced(call: Call) -> Sized:
    """LinSpace: as many as the third operand says, which is not less than one."""
    (count,) = call.told(2)
    call.require_at_least(count, 1)
    return Sized((count,))


RULES: dict[str, Rule] = {
    "Shape": _shape,
    "ShapeN": _shapes,
    "Rank": _rank,
    "Size": _count,
    "Range": _range,
    "LinSpace": _spaced,
    "BroadcastArgs": _broadcast,
    "BroadcastGradientArgs": _gradient_arguments,
}
