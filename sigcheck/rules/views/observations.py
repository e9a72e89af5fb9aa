"""What a rule of observations is, and what it sees: one tensor, as data showed it before and as it does now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.observation import TensorObserved


@dataclass(frozen=True)
class ObservationsView:
    """Two observations of a tensor; None where the data had it not.

    `are_text` says that both were of files of text: whether numbers are int64 or float64 is how they were written.
    """

    old: TensorObserved | None
    new: TensorObserved | None
    are_text: bool = False

    def finding(self, rule: str, level: Level, message: str, advice: str) -> Finding:
        """A finding at the tensor, with both of its specs."""
        one = self.new or self.old
        return Finding(
            rule=rule,
            level=level,
            place="" if one is None else one.name,
            message=message,
            help=advice,
            required=None if self.old is None else f"{self.old.name}: {self.old.spec}",
            provided=None if self.new is None else f"{self.new.name}: {self.new.spec}",
        )


class ObservationRule(Protocol):
    """One kind of difference. Each is a module of this shape; its docstring is its help page."""

    NAME: str
    ORDER: int
    LEVEL: Level

    def find(self, observations: ObservationsView, /) -> Iterator[Finding]:
        """Yields what the rule finds."""
