"""What a rule of a project is, and what it sees: all models and links of a config, with the lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.project import LintedLink, LintedModel, signatures_of
from sigcheck.schema.signature import Signature


class Told(NamedTuple):
    """A finding and the model, link or entry that it is about; `against` is the revision that it compares with."""

    subject: str
    finding: Finding
    against: str | None = None


@dataclass(frozen=True)
class ProjectView:
    """Everything that rules of a project look at.

    `locked` are the models that the lock has, None where there is no lock. `changes` are the
    changes of each model that differs from it. `unmatched` are ignores that matched nothing, as
    (subject, rule).
    """

    models: tuple[LintedModel, ...] = ()
    links: tuple[LintedLink, ...] = ()
    locked: frozenset[str] | None = None
    changes: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    unmatched: tuple[tuple[str, str], ...] = ()

    @cached_property
    def signatures(self) -> dict[str, Signature]:
        """Those of the models that were read, by their names."""
        return signatures_of(self.models)


class ProjectRule(Protocol):
    """One kind of fault of a project. Each is a module of this shape; its docstring is its help page."""

    NAME: str
    ORDER: int
    LEVEL: Level

    def find(self, project: ProjectView, /) -> Iterator[Told]:
        """Yields what the rule finds, in the order of the config."""
