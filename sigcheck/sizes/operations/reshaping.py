"""Reshaping: the same elements under other axes."""

from __future__ import annotations

from sigcheck.sizes.call import MOST_RANK, Call, Rule, UndecidedError
from sigcheck.sizes.moved import moved
from sigcheck.sizes.tensor import Size, Sized, Sizes, largest, product


def _reshaped(call: Call) -> Sized:
    operand, wanted = call.operands[0], call.operands[1]
    if wanted.numbers is None:
        rank = wanted.sizes[0] if wanted.sizes is not None and len(wanted.sizes) == 1 else None
        if not isinstance(rank, int) or rank > MOST_RANK:
            raise UndecidedError("a shape of unknown length")
        return Sized(call.fresh_sizes(rank))
    told = wanted.numbers
    places = [at for at, size in enumerate(told) if size == -1]
    if len(places) > 1 or len(told) > MOST_RANK:
        raise UndecidedError("no shape")
    if any(not isinstance(size, int) and not call.is_at_least(size, 0) for size in told):
        # It may be -1, which stands for the rest.
        return Sized(tuple(_sure(call, size) for size in told))
    rest = product([size for size in told if size != -1])
    if operand.sizes is None:
        made: Sizes = tuple(call.fresh() if size == -1 else size for size in told)
        return Sized(made)
    count = product(operand.sizes)
    if not places:
        call.require("equal", count, rest)
        return Sized(told, operand.numbers, operand.below)
    if rest == 0:
        raise UndecidedError("an axis of nothing")
    share = _share(operand.sizes, told)
    if share is None:
        # Of an axis of nothing no rest can be told: it is refused.
        call.require_at_least(rest, 1)
        share = call.part(count, rest if call.is_at_least(rest, 1) else largest(rest, 1))
    return Sized((*told[: places[0]], share, *told[places[0] + 1 :]), operand.numbers, operand.below)


def reshaped(call: Call, sizes: Sizes, told: object) -> Sizes:
    """The sizes under a shape of numbers, of which one may be -1: what remains. Raises UndecidedError for any other."""
    if not isinstance(told, list | tuple) or len(told) > MOST_RANK:
        raise UndecidedError("no shape")
    if any(type(one) is not int or one < -1 for one in told) or list(told).count(-1) > 1:
        raise UndecidedError("no shape")
    whole, known = product(sizes), product([one for one in told if one != -1])
    if -1 not in told:
        call.require("equal", whole, known)
        return tuple(told)
    if known == 0:
        raise UndecidedError("an axis of nothing")
    rest = call.part(whole, known)
    return tuple(rest if one == -1 else one for one in told)


def _sure(call: Call, size: Size) -> Size:
    return call.fresh() if size == -1 or not call.is_at_least(size, 0) else size


def _share(sizes: Sizes, told: tuple[Size, ...]) -> Size | None:
    """What -1 stands for, where all other sizes are among those that there are: no division is needed."""
    left = list(sizes)
    for size in told:
        if size in (-1, 1):
            continue
        if size not in left:
            return None
        left.remove(size)
    return product(left)


def _transposed(call: Call) -> Sized:
    sizes = call.sizes()
    order = call.axes(1, len(sizes))
    if sorted(order) != list(range(len(sizes))):
        raise UndecidedError("no order of the axes")
    return Sized(tuple(sizes[axis] for axis in order))


def _expanded(call: Call) -> Sized:
    sizes = call.sizes()
    (number,) = call.integers(1)
    at = call.axis(number, len(sizes) + 1)
    operand = call.operands[0]
    return Sized((*sizes[:at], 1, *sizes[at:]), operand.numbers, operand.below)


def _squeezed(call: Call) -> Sized:
    sizes = call.sizes()
    axes = {call.axis(axis, len(sizes)) for axis in call.listed("squeeze_dims") or call.listed("axis")}
    if not axes:
        if not all(isinstance(size, int) for size in sizes):
            raise UndecidedError("any axis of 1")
        axes = {axis for axis, size in enumerate(sizes) if size == 1}
    for axis in axes:
        call.joined(sizes[axis], 1)
    return Sized(tuple(size for axis, size in enumerate(sizes) if axis not in axes), call.operands[0].numbers)


RULES: dict[str, Rule] = {
    "Reshape": moved(_reshaped),
    "Transpose": _transposed,
    "ExpandDims": moved(_expanded),
    "Squeeze": moved(_squeezed),
}
