"""Period: from which size on conditions on one variable repeat themselves, and how often.

An expression of whole numbers, sums and divisions by numbers is a line plus what repeats itself.
Two lines of unlike slope have crossed beyond some size; of like slope only what repeats is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Expression, Operation, Variable

# A longer period is said as it stands.
_MOST_PERIOD = 10_000


@dataclass(frozen=True)
class _Line:
    """From `border` on, the expression is slope * n plus something from `low` to `high` of this period."""

    slope: Fraction
    low: Fraction
    high: Fraction
    period: int = 1
    border: int = 0


def span_of(conditions: Iterable[Condition]) -> tuple[int, int] | None:
    """The border and the period of conditions on one variable; None for what is no line, or too long a period."""
    border, period = 0, 1
    for condition in conditions:
        found = _crossing(condition)
        if found is None:
            return None
        border, period = max(border, found[0]), lcm(period, found[1])
        if period > _MOST_PERIOD:
            return None
    return border, period


def _crossing(condition: Condition) -> tuple[int, int] | None:
    left, right = _line(condition.left), _line(condition.right)
    if left is None or right is None:
        return None
    pairs = [(left, right)]
    if condition.relation == "alike":
        one = _Line(Fraction(0), Fraction(1), Fraction(1))
        pairs += [(left, one), (right, one)]
    return max(_border(*pair) for pair in pairs), lcm(left.period, right.period)


def _border(one: _Line, other: _Line) -> int:
    """Beyond which size one of them stays the greater, or both repeat themselves."""
    start = max(one.border, other.border)
    slope = one.slope - other.slope
    if not slope:
        return start
    reach = max(abs(one.high - other.low), abs(other.high - one.low))
    return max(start, ceil(reach / abs(slope)) + 1)


def _line(expression: Expression) -> _Line | None:
    total = _Line(Fraction(0), Fraction(0), Fraction(0))
    for product, number in expression.terms:
        if not product:
            part: _Line | None = _Line(Fraction(0), Fraction(1), Fraction(1))
        elif len(product) > 1 or product[0][1] > 1:
            return None
        else:
            atom = product[0][0]
            part = _Line(Fraction(1), Fraction(0), Fraction(0)) if isinstance(atom, Variable) else _operation(atom)
        if part is None:
            return None
        ends = (number * part.low, number * part.high)
        total = _Line(
            total.slope + number * part.slope,
            total.low + min(ends),
            total.high + max(ends),
            lcm(total.period, part.period),
            max(total.border, part.border),
        )
        if total.period > _MOST_PERIOD:
            return None
    return total


def _operation(operation: Operation) -> _Line | None:
    left, right = _line(operation.left), _line(operation.right)
    if left is None or right is None:
        return None
    if operation.kind == "floordiv":
        divisor = operation.right.number
        if divisor is None or divisor > _MOST_PERIOD:
            return None
        # Of a slope with a denominator n rounds more than the divisor alone are needed.
        return _Line(
            left.slope / divisor,
            (left.low - divisor + 1) / divisor,
            left.high / divisor,
            left.period * divisor * left.slope.denominator,
            left.border,
        )
    border, period = _border(left, right), lcm(left.period, right.period)
    if left.slope != right.slope:
        is_left = left.slope > right.slope
        kept = left if is_left else right
        return _Line(kept.slope, kept.low, kept.high, kept.period, border)
    return _Line(left.slope, max(left.low, right.low), max(left.high, right.high), period, border)
