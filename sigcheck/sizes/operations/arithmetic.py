"""Arithmetic: what computes on whole numbers, so that sizes made of sizes stay known.

Elements are followed where both operands have their numbers; a comparison gives 0 and 1 where all
sizes agree on it. So are those of floats, as far as floats hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod

from sigcheck.sizes import reals
from sigcheck.sizes.bounds import is_at_least, is_equal
from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.operations.elementwise import broadcast
from sigcheck.sizes.reals import Reals
from sigcheck.sizes.tensor import (
    MOST_NUMBERS,
    Size,
    Sized,
    add,
    divide,
    largest,
    lifted,
    multiply,
    smallest,
    subtract,
)

# Beyond it numbers of int32 wrap.
_MOST_INT32 = 2**31

_Binary = Callable[[Call, Size, Size], Size]


def _merged(call: Call) -> Sized:
    return Sized(broadcast(call, call.sizes(), call.sizes(1)))


def _computed(call: Call) -> Sized:
    """The numbers of the result, where they are known of both operands."""
    found = _merged(call)
    if call.attributes.get("activation"):
        # What an operator of TFLite cuts off behind it.
        return found
    if all(operand.reals is not None for operand in call.operands[:2]):
        return _computed_reals(call, found)
    pairs = _pairs(call, found)
    try:
        values = tuple(_BINARY[call.node.op](call, *pair) for pair in pairs)
    except (ValueError, LookupError, ArithmeticError):
        return found
    is_wrapped = any(isinstance(one, int) and not -_MOST_INT32 <= one < _MOST_INT32 for one in values)
    return found if is_wrapped and call.attributes.get("T") == "int32" else Sized(found.sizes, values or None)


def _computed_reals(call: Call, found: Sized) -> Sized:
    one, other = (operand.reals or Reals(()) for operand in call.operands[:2])
    pairs = _aligned(one.over, other.over, found)
    if not pairs:
        return found
    ours, theirs = zip(*pairs, strict=True)
    try:
        return Sized(
            found.sizes, reals=reals.computed(call.node.op, Reals(ours, one.under), Reals(theirs, other.under))
        )
    except (ValueError, ArithmeticError):
        return found


def _pairs(call: Call, found: Sized) -> Sequence[tuple[Size, Size]]:
    return _aligned(call.operands[0].numbers, call.operands[1].numbers, found)


def _aligned(one: Sequence[Size] | None, other: Sequence[Size] | None, found: Sized) -> Sequence[tuple[Size, Size]]:
    """The numbers of both operands, element by element; none where one is stretched to more than a vector."""
    if not one or not other or found.sizes is None or not all(isinstance(size, int) for size in found.sizes):
        return ()
    count = prod(size for size in found.sizes if isinstance(size, int))
    if not 0 < count <= MOST_NUMBERS or {len(one), len(other)} - {1, count}:
        return ()
    return [(one[at % len(one)], other[at % len(other)]) for at in range(count)]


def _quotient(call: Call, one: Size, other: Size) -> Size:
    """Rounded to nothing, not down: of what may be negative it is not followed."""
    if not call.is_at_least(one, 0):
        raise UndecidedError("a number that may be negative")
    return divide(one, other)


def _remainder(call: Call, one: Size, other: Size) -> Size:
    return subtract(one, multiply(other, divide(one, other)))


def _quotient_remainder(call: Call, one: Size, other: Size) -> Size:
    return subtract(one, multiply(other, _quotient(call, one, other)))


def _truth(told: bool | None) -> int:
    if told is None:
        raise UndecidedError("what depends on sizes")
    return int(told)


def _less(call: Call, one: Size, other: Size) -> int:
    return _truth(is_at_least(lifted(other), lifted(add(one, 1)), call.least))


def _not_more(call: Call, one: Size, other: Size) -> int:
    return _truth(is_at_least(lifted(other), lifted(one), call.least))


def _equal(call: Call, one: Size, other: Size) -> int:
    return _truth(is_equal(lifted(one), lifted(other), call.least))


def _power(call: Call, one: Size, other: Size) -> Size:
    if not isinstance(other, int) or not 0 <= other <= _MOST_POWER:
        raise UndecidedError("an unknown power")
    total: Size = 1
    for _ in range(other):
        total = multiply(total, one)
    return total


_MOST_POWER = 8

_BINARY: Mapping[str, _Binary] = {
    "Add": lambda _, one, other: add(one, other),
    "AddV2": lambda _, one, other: add(one, other),
    "Sub": lambda _, one, other: subtract(one, other),
    "Mul": lambda _, one, other: multiply(one, other),
    "Maximum": lambda _, one, other: largest(one, other),
    "Minimum": lambda _, one, other: smallest(one, other),
    "FloorDiv": lambda _, one, other: divide(one, other),
    "FloorMod": _remainder,
    "Div": _quotient,
    "TruncateDiv": _quotient,
    "Mod": _quotient_remainder,
    "TruncateMod": _quotient_remainder,
    "Pow": _power,
    "Less": _less,
    "LessEqual": _not_more,
    "Greater": lambda call, one, other: _less(call, other, one),
    "GreaterEqual": lambda call, one, other: _not_more(call, other, one),
    "Equal": _equal,
    "NotEqual": lambda call, one, other: 1 - _equal(call, one, other),
    "LogicalAnd": lambda _, one, other: smallest(one, other),
    "LogicalOr": lambda _, one, other: largest(one, other),
}


def _compared_positions(call: Call) -> Sized:
    """Positions are never below 0: of such a comparison every element is false, which `below` 1 says."""
    is_position, against = call.operands[0].below is not None, call.operands[1].numbers
    return Sized(_merged(call).sizes, below=1) if is_position and against == (0,) else _computed(call)


def _selected(call: Call) -> Sized:
    """Of a choice that is always the same what it takes: Keras counts negative positions from the end this way."""
    condition, chosen = call.operands[0], call.operands[1:3]
    sizes = broadcast(call, broadcast(call, call.sizes(), call.sizes(1)), call.sizes(2))
    truths = {0} if condition.below == 1 else set(condition.numbers or ())
    if truths not in ({0}, {1}):
        return Sized(sizes)
    taken = chosen[0] if truths == {1} else chosen[1]
    return Sized(sizes, taken.numbers if taken.sizes == sizes else None, taken.below)


def _cast(call: Call) -> Sized:
    """A cast keeps whole numbers; what was cast to a float and back is no size that anybody computes."""
    operand = call.operands[0]
    target = str(call.attributes.get("DstT", ""))
    if target in {"int32", "int64"}:
        return operand if operand.reals is None else Sized(operand.sizes, _cut_off(call, operand.reals))
    # Narrower numbers wrap.
    if target not in reals.EXACT:
        return Sized(operand.sizes)
    found = operand.reals if operand.numbers is None else Reals(operand.numbers)
    return Sized(operand.sizes, below=operand.below, reals=found)


def _cut_off(call: Call, given: Reals) -> tuple[Size, ...] | None:
    """A float that becomes a whole number is rounded toward 0: of what may be negative that is not followed."""
    if given.under == 1:
        return given.over
    return reals.floor(given) if all(call.is_at_least(one, 0) for one in given.over) else None


def _rounded(rounding: Callable[[Reals], tuple[Size, ...]]) -> Rule:
    def rule(call: Call) -> Sized:
        operand = call.operands[0]
        return Sized(operand.sizes, reals=None if operand.reals is None else Reals(rounding(operand.reals)))

    return rule


def _each(change: Callable[[Call, Size], Size]) -> Rule:
    def rule(call: Call) -> Sized:
        operand = call.operands[0]
        try:
            return Sized(operand.sizes, operand.numbers and tuple(change(call, one) for one in operand.numbers))
        except UndecidedError:
            return Sized(operand.sizes)

    return rule


def _absolute(call: Call, one: Size) -> Size:
    if not call.is_at_least(one, 0):
        raise UndecidedError("a number that may be negative")
    return one


def _nothing(_call: Call, _one: Size) -> Size:
    return 0


def _one(_call: Call, _other: Size) -> Size:
    return 1


RULES: dict[str, Rule] = {
    **dict.fromkeys(_BINARY, _computed),
    "RealDiv": _computed,
    "Floor": _rounded(reals.floor),
    "Ceil": _rounded(reals.ceiling),
    **dict.fromkeys(("Round", "Rint"), _rounded(reals.nearest)),
    "Less": _compared_positions,
    "SelectV2": _selected,
    "Cast": _cast,
    "Abs": _each(_absolute),
    "Neg": _each(lambda _, one: subtract(0, one)),
    "LogicalNot": _each(lambda _, one: subtract(1, one)),
    "ZerosLike": _each(_nothing),
    "OnesLike": _each(_one),
}
