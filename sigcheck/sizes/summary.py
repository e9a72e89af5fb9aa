"""Summary: conditions on one size, said as a person would: `height % 4 == 0`, `t <= 64`, `t >= 3`.

Each condition on one variable is made of whole numbers, sums and divisions by numbers, so that it
repeats itself: beyond the last number in it, whether n meets it depends on n modulo the product of
the divisors only, or not at all. Trying every n up to there, and two rounds more, therefore tells
all; what would take too many is said as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import lcm

from sigcheck.sizes.bounds import LEAST_SIZE
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Expression, Operation, Variable

# Sizes that are tried for one variable; a few microseconds each.
MOST_TRIED = 20_000
# A list of sizes that is longer is no answer.
_MOST_LISTED = 4


def summarize(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """What must hold, in the fewest words: of one variable at a time where that is all, else as it stands."""
    alone: dict[Variable, list[Condition]] = {}
    told: list[str] = []
    for one in conditions:
        variables = one.variables
        if len(variables) == 1:
            alone.setdefault(next(iter(variables)), []).append(one)
        elif variables:
            told.append(str(one))
        else:
            told.append("no size meets it" if not one.holds({}) else "")
    words = [word for size, met in alone.items() for word in _said(size, met)]
    return tuple(dict.fromkeys(filter(None, (*words, *told))))


def smallest(conditions: Sequence[Condition], size: Variable, start: int = LEAST_SIZE) -> int | None:
    """The least size from `start` on that meets all conditions on this variable alone; None where none is found."""
    alone = [one for one in conditions if one.variables == {size}]
    span = _span(alone)
    last = start + MOST_TRIED if span is None else max(start, span[0]) + 2 * span[1]
    return next((n for n in range(start, min(last, start + MOST_TRIED) + 1) if _meets(alone, size, n)), None)


def _said(size: Variable, conditions: Sequence[Condition]) -> Iterator[str]:
    span = _span(conditions)
    if span is None or span[0] + 3 * span[1] > MOST_TRIED:
        yield from dict.fromkeys(map(str, conditions))
        return
    border, period = span
    # Beyond the border whether a size meets them repeats itself with the period.
    round_ = [n for n in range(border, border + period) if _meets(conditions, size, n)]
    found = [n for n in range(LEAST_SIZE, border) if _meets(conditions, size, n)]
    if not round_:
        yield from _listed(size, found)
        return
    step = _step(round_, period)
    if step is None:
        yield from dict.fromkeys(map(str, conditions))
        return
    divisor, rest = step
    gaps = [n for n in range(LEAST_SIZE, border) if n % divisor == rest and n not in found]
    first = max(gaps, default=0) + 1
    odd = [n for n in found if n < first or n % divisor != rest]
    if len(odd) > _MOST_LISTED:
        yield from dict.fromkeys(map(str, conditions))
        return
    words = [f"{size} % {divisor} == {rest}"] if divisor > 1 else []
    words += [f"{size} >= {next(n for n in range(first, border + period) if n % divisor == rest)}"] if gaps else []
    if odd:
        yield f"{' and '.join(words) or f'any {size}'}, or {size} in {', '.join(map(str, odd))}"
    else:
        yield from words


def _listed(size: Variable, found: Sequence[int]) -> Iterator[str]:
    """What holds of a size that cannot be large."""
    if not found:
        yield f"no {size} meets it"
    elif found == list(range(LEAST_SIZE, found[-1] + 1)):
        yield f"{size} == 1" if found[-1] == 1 else f"{size} <= {found[-1]}"
    elif len(found) == 1:
        yield f"{size} == {found[0]}"
    elif found == list(range(found[0], found[-1] + 1)):
        yield f"{found[0]} <= {size} <= {found[-1]}"
    elif len(found) <= _MOST_LISTED:
        yield f"{size} in {', '.join(map(str, found))}"
    else:
        yield f"{size} in {', '.join(map(str, found[:_MOST_LISTED]))}, ... {found[-1]}"


def _step(found: Sequence[int], period: int) -> tuple[int, int] | None:
    """Divisor and remainder, where these are all numbers of a round that have it."""
    divisor = period // len(found)
    rest = found[0] % divisor
    is_regular = period % len(found) == 0 and all(n % divisor == rest for n in found)
    return (divisor, rest) if is_regular else None


def _meets(conditions: Iterable[Condition], size: Variable, number: int) -> bool:
    return all(one.holds({size: number}) for one in conditions)


def _span(conditions: Iterable[Condition]) -> tuple[int, int] | None:
    """From which size on the conditions repeat themselves, and with which period; None where that is not known."""
    border, period = LEAST_SIZE, 1
    for condition in conditions:
        for side in (condition.left, condition.right):
            found = _reach(side)
            if found is None:
                return None
            border, period = border + found[0], lcm(period, found[1])
            if border > MOST_TRIED or period > MOST_TRIED:
                return None
    # Slopes that differ do so by one part of the period at least: beyond this the lines have met.
    return border * period + period, period


def _reach(expression: Expression) -> tuple[int, int] | None:
    """The sum of the numbers in an expression, and the period of its divisions; None for what is no line."""
    total, period = 0, 1
    for product, number in expression.terms:
        if not product:
            total += abs(number)
            continue
        if len(product) > 1 or product[0][1] > 1:
            return None
        atom = product[0][0]
        if isinstance(atom, Variable):
            continue
        found = _reach_inside(atom)
        if found is None:
            return None
        total, period = total + abs(number) * found[0], lcm(period, found[1])
    return total, period


def _reach_inside(operation: Operation) -> tuple[int, int] | None:
    left, right = _reach(operation.left), _reach(operation.right)
    if left is None or right is None:
        return None
    if operation.kind != "floordiv":
        return left[0] + right[0], lcm(left[1], right[1])
    divisor = operation.right.number
    return None if divisor is None else (left[0] + divisor, left[1] * divisor)
