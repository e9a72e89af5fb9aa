"""Decide: whether all sizes that meet what is given meet a demand too, or none does.

First by the form of the expressions. What depends on one size alone is tried: beyond some number,
whether a size meets conditions repeats itself, so that trying every number up to there tells all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sigcheck.sizes.bounds import LEAST_SIZE
from sigcheck.sizes.expression import Variable
from sigcheck.sizes.least import least_of
from sigcheck.sizes.stated import Stated

# Numbers that are tried for one size, times the conditions on it; some microseconds each.
_MOST_TRIED = 20_000
# And for all demands of one judgement: some tenths of a second. Beyond it what the form does not tell is not decided.
_MOST_IN_ALL = 60_000
# What is given of one size beyond these is left out: a model demands one thing of a size, or two.
_MOST_OF_ONE = 8


@dataclass
class Given:
    """What holds of sizes, as far as it is looked at, and how many numbers may still be tried."""

    alone: dict[Variable, list[Stated]] = field(default_factory=dict)
    least: dict[Variable, int] = field(default_factory=dict)
    clauses: set[object] = field(default_factory=set)
    left: int = _MOST_IN_ALL

    @classmethod
    def of(cls, demands: Iterable[Stated]) -> Given:
        """All of these given."""
        given = cls()
        for one in demands:
            given.add(one)
        return given

    def add(self, demand: Stated) -> None:
        """Gives one more."""
        self.clauses.add(demand.clauses)
        if len(demand.variables) == 1:
            (size,) = demand.variables
            known = self.alone.setdefault(size, [])
            if len(known) < _MOST_OF_ONE:
                known.append(demand)
        bound = least_of(demand.conditions[0]) if len(demand.conditions) == 1 else None
        if bound is not None and not demand.clauses[0][0].is_denied:
            self.least[bound[0]] = max(bound[1], self.least.get(bound[0], 0))

    def tried(self, size: Variable, demands: Sequence[Stated]) -> range | None:
        """All numbers that tell whether a size meets these; None where they would be too many."""
        if not size.is_known or self.left <= 0:
            return None
        from sigcheck.sizes.period import span_of

        conditions = [condition for one in demands for condition in one.conditions if condition.variables]
        span = span_of(conditions)
        if span is None or (count := (span[0] + span[1]) * len(conditions)) > _MOST_TRIED:
            # To find that out takes as long as some numbers.
            self.left -= _MOST_OF_ONE * len(conditions)
            return None
        self.left -= count
        return range(LEAST_SIZE, max(span[0], LEAST_SIZE) + span[1])


def decide(demand: Stated, given: Given | None = None) -> bool | None:
    """True where all sizes that meet what is given meet the demand; False where none does, None where it depends.

    None too where that is not decided, and False where no size meets the demand and what is given together.

    >>> decide(Stated.of("2*(h // 2) % 2 == 0"))
    True
    >>> decide(Stated.of("h // 2 % 2 == 0"), Given.of([Stated.of("h % 4 == 0")]))
    True
    """
    given = Given() if given is None else given
    found = _by_form(demand, given)
    if found is not None or len(demand.variables) != 1:
        return found
    (size,) = demand.variables
    alone = given.alone.get(size, [])
    tried = given.tried(size, [demand, *alone])
    if not tried:
        return None
    met = [_holds(demand, size, n) for n in tried if all(_holds(one, size, n) for one in alone)]
    if not met or None in met:
        return None
    return True if all(met) else False if not any(met) else None


def _by_form(demand: Stated, given: Given) -> bool | None:
    if not demand.variables:
        try:
            return demand.holds({})
        except ArithmeticError:
            return None
    found = demand.decided(given.least)
    return True if found is None and demand.clauses in given.clauses else found


def _holds(demand: Stated, size: Variable, number: int) -> bool | None:
    try:
        return demand.holds({size: number})
    except ArithmeticError:
        return None
