"""Summary: conditions on one size, said as a person would: `height % 4 == 0`, `t <= 64`, `t >= 3`.

Each condition on one variable is made of whole numbers, sums and divisions by numbers, so that it
repeats itself: beyond some number, whether n meets it depends on n modulo the product of the
divisors only, or not at all. Trying every n up to there, and two rounds more, therefore tells all;
what would take too many is said as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sigcheck.sizes.bounds import LEAST_SIZE
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Variable
from sigcheck.sizes.least import least_of
from sigcheck.sizes.period import span_of

# Sizes that are tried for one variable, times its conditions; a few microseconds each.
MOST_TRIED = 20_000
# A list of sizes that is longer is no answer.
_MOST_LISTED = 4


class Demand(Protocol):
    """A condition, or several of which it is made."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What it is made of."""

    @property
    def variables(self) -> frozenset[Variable]:
        """The sizes that it speaks of."""

    def holds(self, sizes: Mapping[Variable, int], /) -> bool:
        """Whether these sizes meet it."""


One = TypeVar("One", bound=Demand)


@dataclass(frozen=True)
class Summary(Generic[One]):
    """One thing that must hold, in words that can be read back, and the conditions that it says."""

    holds: str
    conditions: tuple[One, ...]


def summarize(conditions: Iterable[One]) -> tuple[Summary[One], ...] | None:
    """What must hold, in the fewest words: of one variable at a time where that is all, else as it stands.

    None where nothing meets it.
    """
    alone: dict[Variable, list[One]] = {}
    told: dict[str, list[One]] = {}
    for one in dict.fromkeys(conditions):
        if len(one.variables) == 1:
            alone.setdefault(next(iter(one.variables)), []).append(one)
        elif one.variables:
            told.setdefault(str(one), []).append(one)
        elif not one.holds({}):
            return None
    found: list[Summary[One]] = []
    for size, met in alone.items():
        words = _said(size, met)
        if words is None:
            return None
        found += _shared(words, met)
    return (*found, *(Summary(text, tuple(met)) for text, met in told.items()))


def clashing(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions that no size meets: one that none does, else those on one size that none meets together.

    Nothing where that is not proved.
    """
    told = list(dict.fromkeys(conditions))
    never = next((one for one in told if one.decided() is False), None)
    if never is not None:
        return (never,)
    for size in dict.fromkeys(size for one in told for size in sorted(one.variables, key=str)):
        alone = [one for one in told if one.variables == {size}]
        if alone and _said(size, alone) is None:
            return next(((one,) for one in alone if _said(size, [one]) is None), tuple(alone))
    return ()


def _shared(words: Mapping[str, Sequence[int]], conditions: Sequence[One]) -> Iterator[Summary[One]]:
    """Yields each text with the conditions that fail with it; `words` has for each a size that it refuses."""
    for text, refused in words.items():
        failing = [one for one in conditions if any(not _meets([one], next(iter(one.variables)), n) for n in refused)]
        yield Summary(text, tuple(failing or conditions))


def _said(size: Variable, conditions: Sequence[Demand]) -> Mapping[str, Sequence[int]] | None:
    """What must hold of one size, each text with some sizes that it refuses; None where nothing meets it."""
    span = span_of(part for one in conditions for part in one.conditions)
    if span is None or (span[0] + 2 * span[1]) * len(conditions) > MOST_TRIED:
        return _untried(size, conditions)
    border, period = max(span[0], LEAST_SIZE), span[1]
    # Beyond the border whether a size meets them repeats itself with the period.
    found = [n for n in range(LEAST_SIZE, border + period) if _meets(conditions, size, n)]
    round_ = [n for n in found if n >= border]
    if not found:
        return None
    if not round_:
        return {_listed(size, found): [n for n in range(LEAST_SIZE, found[-1] + 2) if n not in found]}
    return _regular(size, found, border, period) or {str(one): () for one in conditions}


def _untried(size: Variable, conditions: Sequence[Demand]) -> Mapping[str, Sequence[int]]:
    """Of what only says how small a size may be, the greatest such size; the rest as it stands."""
    told: dict[str, Sequence[int]] = {}
    least = 0
    for one in conditions:
        bound = least_of(one) if isinstance(one, Condition) else None
        if bound is None:
            told[str(one)] = ()
        else:
            least = max(least, bound[1])
    return {f"{size} >= {least}": (least - 1,), **told} if least else told


def _regular(size: Variable, found: Sequence[int], border: int, period: int) -> Mapping[str, Sequence[int]]:
    """A divisor, a least size, and a few that are met besides; nothing where that does not say it."""
    step = _step([n for n in found if n >= border], period)
    if step is None:
        return {}
    divisor, rests = step
    told = {n for n in found if n < border}
    gaps = [n for n in range(LEAST_SIZE, border) if n % divisor in rests and n not in told]
    first = max(gaps, default=0) + 1
    odd = [n for n in told if n < first or n % divisor not in rests]
    multiples = [f"{size} % {divisor} == {rest}" for rest in rests] if divisor > 1 else []
    least = next(n for n in range(first, border + period) if n % divisor in rests)
    bounds = [f"{size} >= {least}"] if gaps else []
    if len(odd) > _MOST_LISTED or (odd and not multiples and not bounds):
        return {}
    if odd:
        clauses = [" and ".join([one, *bounds]) for one in multiples] or bounds
        return {" or ".join([*clauses, *(f"{size} == {n}" for n in sorted(odd))]): ()}
    words: dict[str, Sequence[int]] = {}
    if multiples:
        words[" or ".join(multiples)] = [n for n in range(border, border + divisor) if n % divisor not in rests]
    return words | dict.fromkeys(bounds, gaps)


def _listed(size: Variable, found: Sequence[int]) -> str:
    """What holds of a size that cannot be large."""
    runs: list[list[int]] = []
    for n in found:
        if runs and runs[-1][1] == n - 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return " or ".join(_run(size, first, last) for first, last in runs)


def _run(size: Variable, first: int, last: int) -> str:
    if first == last:
        return f"{size} == {first}"
    return f"{size} <= {last}" if first == LEAST_SIZE else f"{size} >= {first} and {size} <= {last}"


def _step(found: Sequence[int], period: int) -> tuple[int, Sequence[int]] | None:
    """The least divisor with remainders, where these are all numbers of a round that have them; a few at most."""
    for divisor in (n for n in range(1, period + 1) if period % n == 0):
        rests = sorted({n % divisor for n in found})
        if len(rests) <= _MOST_LISTED and len(rests) * period == len(found) * divisor:
            return divisor, rests
    return None


def _meets(conditions: Iterable[Demand], size: Variable, number: int) -> bool:
    return all(one.holds({size: number}) for one in conditions)
