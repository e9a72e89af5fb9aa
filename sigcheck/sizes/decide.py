"""Decide: whether all sizes that meet what is given meet a demand too, or none does.

First by the form of the expressions. What depends on one size alone is tried: beyond some number,
whether a size meets conditions repeats itself, so that trying every number up to there tells all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sigcheck.sizes.bounds import LEAST_SIZE
from sigcheck.sizes.expression import Variable
from sigcheck.sizes.least import least_of
from sigcheck.sizes.period import span_of
from sigcheck.sizes.stated import Stated

# Numbers that are tried for one size, times the conditions on it.
_MOST_TRIED = 20_000


def decide(demand: Stated, given: Sequence[Stated] = ()) -> bool | None:
    """True where all sizes that meet what is given meet the demand; False where none does, None where it depends.

    None too where that is not decided.

    >>> decide(Stated.of("2*(h // 2) % 2 == 0")), decide(Stated.of("h // 2 % 2 == 0"), [Stated.of("h % 4 == 0")])
    (True, True)
    """
    found = _by_form(demand, given)
    if found is not None or len(demand.variables) != 1:
        return found
    (size,) = demand.variables
    alone = [one for one in given if one.variables == {size}]
    tried = _tried(size, [demand, *alone])
    if not tried:
        return None
    met = [_holds(demand, size, n) for n in tried if all(_holds(one, size, n) for one in alone)]
    if not met or None in met:
        return None
    return True if all(met) else False if not any(met) else None


def is_met_together(demands: Iterable[Stated]) -> bool | None:
    """Whether some size meets all demands on one size; False where none does, None where that is not decided."""
    told = list(demands)
    sizes = frozenset().union(*(one.variables for one in told))
    if len(sizes) != 1:
        return None
    (size,) = sizes
    tried = _tried(size, told)
    return any(all(_holds(one, size, n) for one in told) for n in tried) if tried else None


def _by_form(demand: Stated, given: Sequence[Stated]) -> bool | None:
    if not demand.variables:
        try:
            return demand.holds({})
        except ArithmeticError:
            return None
    least: dict[Variable, int] = {}
    for one in given:
        bound = least_of(one.conditions[0]) if len(one.clauses) == 1 and len(one.conditions) == 1 else None
        if bound is not None and not one.clauses[0][0].is_denied:
            least[bound[0]] = max(bound[1], least.get(bound[0], 0))
    found = demand.decided(least)
    return True if found is None and any(demand.clauses == one.clauses for one in given) else found


def _tried(size: Variable, demands: Sequence[Stated]) -> range | None:
    """All numbers that tell whether a size meets these; None where they would be too many."""
    conditions = [condition for one in demands for condition in one.conditions if condition.variables]
    span = span_of(conditions)
    if not size.is_known or span is None or (span[0] + span[1]) * len(conditions) > _MOST_TRIED:
        return None
    return range(LEAST_SIZE, max(span[0], LEAST_SIZE) + span[1])


def _holds(demand: Stated, size: Variable, number: int) -> bool | None:
    try:
        return demand.holds({size: number})
    except ArithmeticError:
        return None
