"""Moving: the same elements in another order along their axes."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.operations.elementwise import same
from sigcheck.sizes.tensor import Sized


def _reversed(call: Call) -> Sized:
    sizes, operand = call.sizes(), call.operands[0]
    axes = call.axes(1, len(sizes))
    is_vector = len(sizes) == 1 and operand.numbers is not None
    return Sized(sizes, operand.numbers[::-1] if is_vector and operand.numbers and axes else None)


def _reversed_parts(call: Call) -> Sized:
    """A length for each example."""
    sizes, lengths = list(call.sizes()), call.operands[1].sizes
    axis = call.axis(int(call.attributes.get("batch_dim", 0)), len(sizes))
    if lengths is not None and len(lengths) == 1:
        sizes[axis] = call.joined(sizes[axis], lengths[0])
    return Sized(tuple(sizes))


def _ranked(call: Call) -> Sized:
    """InvertPermutation."""
    sizes = call.sizes()
    if len(sizes) != 1:
        raise UndecidedError("no vector")
    numbers = call.operands[0].numbers
    order = [one for one in numbers or () if isinstance(one, int)]
    if sorted(order) == list(range(len(numbers or ()))) and order:
        return Sized(sizes, tuple(order.index(at) for at in range(len(order))))
    return Sized(sizes)


RULES: dict[str, Rule] = {
    "ReverseV2": _reversed,
    "ReverseSequence": _reversed_parts,
    "Roll": same,
    "InvertPermutation": _ranked,
    "RandomShuffle": same,
}
