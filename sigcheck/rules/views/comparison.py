"""What a rule of a comparison is, and what it sees: a whole project, as it was agreed and as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sigcheck.rules.views.project import Told
from sigcheck.schema.finding import Level
from sigcheck.schema.upgrade import LinkEffect


class Gap(NamedTuple):
    """What could not be compared, why, and how much that counts."""

    subject: str
    reason: str
    level: Level = "warning"


@dataclass(frozen=True)
class ComparisonView:
    """Everything that rules of a comparison look at.

    `effects` are the links that a change reaches, `redecided` those among them whose models are as they were, so
    that the config decides otherwise what they do; `unplanned` are those that passed and cannot be planned any more,
    as (link, reason). `has_adapters` says that the adapters of the new side are compared elsewhere,
    and `is_explained` that the links need no words of their own: a change of a model is an error already.
    """

    removed_models: tuple[str, ...] = ()
    removed_links: tuple[str, ...] = ()
    effects: tuple[LinkEffect, ...] = ()
    redecided: frozenset[str] = frozenset()
    unplanned: tuple[tuple[str, str], ...] = ()
    gaps: tuple[Gap, ...] = ()
    has_adapters: bool = False
    is_explained: bool = False


class ComparisonRule(Protocol):
    """One kind of break. Each is a module of this shape; its docstring is its help page."""

    NAME: str
    ORDER: int
    LEVEL: Level

    def find(self, comparison: ComparisonView, /) -> Iterator[Told]:
        """Yields what the rule finds, in the order of the old project."""
