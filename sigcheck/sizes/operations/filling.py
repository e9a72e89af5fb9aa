"""Filling: what adds elements, or repeats them."""

from __future__ import annotations

from sigcheck.sizes.call import MOST_RANK, Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Sized, add, multiply, numbers


def padded(call: Call) -> Sized:
    """Sizes with what is added at both ends of each axis."""
    sizes, amounts = call.sizes(), call.told(1)
    if len(amounts) != 2 * len(sizes):
        raise UndecidedError("padding of another rank")
    pairs = [(amounts[2 * axis], amounts[2 * axis + 1]) for axis in range(len(sizes))]
    return Sized(tuple(add(size, add(*pair)) for size, pair in zip(sizes, pairs, strict=True)))


def _mirrored(call: Call) -> Sized:
    """No more is mirrored than there is; without its edge one less."""
    sizes, amounts = call.sizes(), call.numbers(1)
    edge = 1 if call.attributes.get("mode") == "REFLECT" else 0
    for axis, size in enumerate(sizes):
        for amount in amounts[2 * axis : 2 * axis + 2]:
            if amount != 0:
                call.require("at_least", size, add(amount, edge))
    return padded(call)


def _tiled(call: Call) -> Sized:
    sizes, counts = call.sizes(), call.told(1)
    if len(sizes) != len(counts):
        raise UndecidedError("counts of another rank")
    found = tuple(multiply(size, count) for size, count in zip(sizes, counts, strict=True))
    return Sized(found, below=call.operands[0].below)


def _broadcast_to(call: Call) -> Sized:
    wanted, operand = call.told(1), call.operands[0]
    if operand.sizes is not None:
        offset = len(wanted) - len(operand.sizes)
        if offset < 0:
            raise UndecidedError("a smaller rank")
        for size, to in zip(operand.sizes, wanted[offset:], strict=True):
            if size != 1:
                # What is not 1 must be as long as it is to be; what may be 1 is not decided by equality.
                call.require("alike", size, to)
    return Sized(tuple(wanted), below=operand.below)


def _filled(call: Call) -> Sized:
    wanted = call.told(0)
    for size in wanted:
        call.require_at_least(size, 0)
    value = call.operands[1].numbers if len(call.operands) > 1 else None
    if len(wanted) == 1 and isinstance(wanted[0], int) and value is not None and 0 <= wanted[0] <= MOST_RANK:
        return numbers([value[0]] * wanted[0])
    return Sized(tuple(wanted))


def _one_hot(call: Call) -> Sized:
    sizes = call.sizes()
    (depth,) = call.told(1)
    number = int(call.attributes.get("axis", -1))
    at = len(sizes) if number == -1 else call.axis(number, len(sizes) + 1)
    return Sized((*sizes[:at], depth, *sizes[at:]))


RULES: dict[str, Rule] = {
    "Pad": padded,
    "PadV2": padded,
    "MirrorPad": _mirrored,
    "Tile": _tiled,
    "BroadcastTo": _broadcast_to,
    "Fill": _filled,
    "OneHot": _one_hot,
}
