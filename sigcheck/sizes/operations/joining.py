"""Joining: tensors joined along an axis, and parted again."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.moved import moved
from sigcheck.sizes.tensor import Size, Sized, add, numbers, subtract

# A tensor of more parts is none of a model.
MOST_PARTS = 1_000


def _concatenated(call: Call) -> Sized:
    is_old = call.node.op == "Concat"
    parts = call.operands[1:] if is_old else call.operands[:-1]
    (number,) = call.integers(0 if is_old else len(call.operands) - 1)
    return join(call, parts, number)


def join(call: Call, parts: Sequence[Sized], number: int) -> Sized:
    """Tensors joined along an axis: all other axes are of one size."""
    known = [part.sizes for part in parts if part.sizes is not None]
    if not known:
        raise UndecidedError("parts of unknown rank")
    rank = len(known[0])
    axis = call.axis(number, rank)
    if any(len(sizes) != rank for sizes in known):
        raise UndecidedError("parts of several ranks")
    found: list[Size] = list(known[0])
    for sizes in known[1:]:
        found = [
            add(size, other) if at == axis else call.joined(size, other)
            for at, (size, other) in enumerate(zip(found, sizes, strict=True))
        ]
    if len(known) < len(parts):
        found[axis] = call.fresh()
    if rank == 1 and any(part.numbers is not None for part in parts):
        values = [call.elements(part) for part in parts]
        if None not in values:
            return numbers([value for one in values for value in one or ()])
    return Sized(tuple(found))


def _packed(call: Call) -> Sized:
    known = [operand.sizes for operand in call.operands if operand.sizes is not None]
    if not known:
        raise UndecidedError("parts of unknown rank")
    found = known[0]
    axis = call.axis(int(call.attributes.get("axis", 0)), len(found) + 1)
    for sizes in known[1:]:
        found = call.joined_all(found, sizes)
    if axis == 0 and any(operand.numbers is not None for operand in call.operands):
        values = [call.elements(operand) for operand in call.operands]
        if None not in values:
            return numbers([one for value in values for one in value or ()], (len(values), *found))
    return Sized((*found[:axis], len(call.operands), *found[axis:]))


def _unpacked(call: Call) -> list[Sized]:
    sizes = call.sizes()
    axis, count = call.axis(int(call.attributes.get("axis", 0)), len(sizes)), int(call.attributes.get("num", 0))
    if not 0 <= count <= MOST_PARTS:
        raise UndecidedError("too many parts")
    call.joined(sizes[axis], count)
    rest = (*sizes[:axis], *sizes[axis + 1 :])
    values = call.operands[0].numbers
    if not rest and values is not None and len(values) == count:
        return [Sized((), (value,)) for value in values]
    return [Sized(rest)] * count


def _split(call: Call) -> list[Sized]:
    sizes = call.sizes(1)
    (number,) = call.integers(0)
    axis, count = call.axis(number, len(sizes)), int(call.attributes.get("num_split", 0))
    if not 1 <= count <= MOST_PARTS:
        raise UndecidedError("too many parts")
    part = call.part(sizes[axis], count)
    return _of_parts(call.operands[1], [Sized((*sizes[:axis], part, *sizes[axis + 1 :]))] * count)


def _split_by_sizes(call: Call) -> list[Sized]:
    sizes, parts = call.sizes(), list(call.numbers(1))
    (number,) = call.integers(2)
    axis = call.axis(number, len(sizes))
    if parts.count(-1) > 1 or len(parts) > MOST_PARTS:
        raise UndecidedError("no parts")
    if -1 in parts:
        at = parts.index(-1)
        rest: Size = 0
        for part in parts[:at] + parts[at + 1 :]:
            rest = add(rest, part)
        parts[at] = subtract(sizes[axis], rest)
        call.require("at_least", sizes[axis], rest)
    else:
        total: Size = 0
        for part in parts:
            total = add(total, part)
        call.require("equal", total, sizes[axis])
    return _of_parts(call.operands[0], [Sized((*sizes[:axis], part, *sizes[axis + 1 :])) for part in parts])


def _of_parts(whole: Sized, parts: Sequence[Sized]) -> list[Sized]:
    """The parts of a vector with their numbers, where these are known of the whole."""
    found: list[Sized] = []
    at = 0
    for part in parts:
        length = part.sizes[0] if part.sizes is not None and len(part.sizes) == 1 else None
        if whole.numbers is None or not isinstance(length, int):
            return list(parts)
        found.append(Sized(part.sizes, whole.numbers[at : at + length]))
        at += length
    return found


RULES: dict[str, Rule] = {
    "Concat": moved(_concatenated),
    "ConcatV2": moved(_concatenated),
    "Pack": moved(_packed),
    "Unpack": moved(_unpacked),
    "Split": _split,
    "SplitV": _split_by_sizes,
}
