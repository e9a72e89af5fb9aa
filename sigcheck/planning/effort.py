"""Effort: how much the pairs of one question, and all questions of one call, may be searched in all.

Each growth has limits of its own, and a signature has thousands of endpoints: limits multiply. So all searches take
from one effort, which is opened around what they belong to and found without being passed on. What is not searched
any more is undecided, and says that a limit ended it. Units are counted, not seconds, so that it ends alike on every
machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# A unit is about a tenth of a millisecond: a step that is looked at.
OF_SEARCH = 15
# Two plans compared on numbers: eight shapes, with values of several kinds.
OF_COMPARISON = 100
# Of a consumer that is planned, and again of what is said of it: a second and a half, some five hundred pairs of specs.
OF_CONSUMER = 12_000
# Of all links of a project, or of a pipeline: a minute and a half, which thousands of usual links do not take.
OF_CALL = 800_000
# Why there is no plan takes ten times as long to find as that there is none. It is told while this part is left.
_TO_EXPLAIN = 2 / 3


@dataclass(slots=True)
class Effort:
    """What is left, here and of what it is a part of."""

    most: int
    left: int
    outer: Effort | None = None

    def spend(self, units: int) -> None:
        """Takes units off, here and of all that this is a part of."""
        self.left -= units
        if self.outer is not None:
            self.outer.spend(units)

    def is_left(self, part: float, but: int = 0) -> bool:
        """Whether so much of the most is left, here and there, when so many units more are taken off."""
        return self.left - but > part * self.most and (self.outer is None or self.outer.is_left(part, but))


_OPEN: ContextVar[Effort | None] = ContextVar("effort", default=None)


@contextmanager
def bounded_effort(most: int) -> Iterator[None]:
    """Bounds what is searched within; one that is open already bounds it too."""
    token = _OPEN.set(Effort(most, most, _OPEN.get()))
    try:
        yield
    finally:
        _OPEN.reset(token)


def spend(units: int) -> None:
    """Takes units off the effort that is open; without one nothing is counted."""
    effort = _OPEN.get()
    if effort is not None:
        effort.spend(units)


def spent() -> int:
    """The units that were taken off the effort that is open; 0 without one."""
    effort = _OPEN.get()
    return 0 if effort is None else effort.most - effort.left


def may_spend(units: int) -> bool:
    """Whether so many units more would end no search, and leave nothing unexplained."""
    effort = _OPEN.get()
    return effort is None or effort.is_left(1 - _TO_EXPLAIN, units)


def may_search() -> bool:
    """Whether another search may be begun."""
    effort = _OPEN.get()
    return effort is None or effort.is_left(0)


def may_explain() -> bool:
    """Whether it may be looked for why there is no plan, and what would open one."""
    effort = _OPEN.get()
    return effort is None or effort.is_left(1 - _TO_EXPLAIN)
