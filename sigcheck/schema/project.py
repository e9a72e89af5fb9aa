"""The report of a lint: every model and link of a project, and what was found at each.

A format renders these values and needs nothing else. `findings` is the whole list, in the
order in which it is told; the results of the links hold the same findings as they were made,
before levels were changed and places ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, computed_field

from sigcheck.schema.finding import Finding
from sigcheck.schema.plan import Verdict
from sigcheck.schema.report import CheckResult, Side, VerificationLevel
from sigcheck.schema.signature import Note, Signature
from sigcheck.schema.value import SCHEMA_VERSION, Value

# Where the signature of a model comes from: its source, or the lock where the source is not on this machine.
Origin = Literal["source", "lock", "nowhere"]
# The signature now against the lock. `unlocked`: there is no lock, or it does not have the model.
LockState = Literal["unlocked", "agrees", "differs", "not_compared"]
# The file that a link names against the adapter that it needs. `unnamed`: one is needed, and no file is named.
AdapterState = Literal["not_needed", "unnamed", "missing", "current", "stale", "edited", "not_compared"]
Suppressor = Literal["ignore", "baseline"]
# Why a model could not be read, where its file is in order: only loading makes known what it is and the config has to
# say so, or somebody has to ask for it, or the config names something that it does not have.
Unread = Literal["to_be_declared", "to_be_asked_for", "misnamed"]


@dataclass(frozen=True, slots=True)
class Location:
    """A line of a file of the project. The path is relative to the folder of the config, with slashes."""

    path: str
    line: Annotated[int, Field(ge=1)] = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Suppression(Value):
    """Why a finding does not count: ignored in the config with a reason, or accepted by the baseline."""

    by: Suppressor
    reason: str


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One finding, and where it is: `subject` is the model, link or config entry that it is about.

    `fingerprint` stays the same when lines move: subject, rule and place make it. `against` is the Git
    revision of which it says that this is agreed there and breaks here.
    """

    subject: str
    finding: Finding
    location: Location
    fingerprint: str
    suppression: Suppression | None = None
    against: str | None = None


class LintedModel(Value):
    """One model of the config.

    `signature` is the one that links use, facts of the config declared on it; None where it
    could not be read, for the reason in `problem`. `contradictions` are those of its source. `unread` says of one
    that could not be read why, where its file is in order.
    """

    name: str
    source: str
    location: Location
    reader: str | None = None
    signature: Signature | None = None
    origin: Origin = "source"
    lock: LockState = "unlocked"
    notes: tuple[Note, ...] = ()
    contradictions: tuple[Finding, ...] = ()
    problem: str | None = None
    unread: Annotated[Unread | None, Field(exclude=True)] = None

    @cached_property
    def side(self) -> Side:
        """It as a side of a check: its source as the config names it, whichever machine this is."""
        source = self.source.rpartition("#")[0] or self.source
        return Side(source=source, reader=self.reader or "", key="" if self.signature is None else self.signature.key)


def signatures_of(models: Iterable[LintedModel]) -> dict[str, Signature]:
    """The signatures of those of the models that were read, by their names."""
    return {model.name: model.signature for model in models if model.signature is not None}


@dataclass(frozen=True, slots=True)
class LintedLink:
    """One link of the config. `check` is None where it could not be checked, for the reason in `problem`.

    `adapter` is the file that it names, relative to the folder of the config; `adapter_proof` the
    level of proof that the file says of itself.
    """

    name: str
    producer: str
    consumer: str
    location: Location
    check: CheckResult | None = None
    adapter: str | None = None
    adapter_state: AdapterState = "not_needed"
    adapter_proof: VerificationLevel | None = None
    problem: str | None = None

    @property
    def verdict(self) -> Verdict:
        """That of the check; undecided where there was none."""
        return "undecided" if self.check is None else self.check.verdict


class LintResult(Value):
    """The answer to one lint: the JSON contract of `sigcheck lint`.

    `config` is the path of its file, `against` the Git revision that the project was compared with.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    config: str
    lock: str | None = None
    against: str | None = None
    models: tuple[LintedModel, ...] = ()
    links: tuple[LintedLink, ...] = ()
    findings: tuple[LintFinding, ...] = ()

    @cached_property
    def active(self) -> tuple[LintFinding, ...]:
        """The findings that count: neither ignored nor in the baseline."""
        return tuple(one for one in self.findings if one.suppression is None)

    @cached_property
    def incomplete(self) -> tuple[str, ...]:
        """What could not be checked: models that cannot be read, links that are undecided.

        An undecided link whose errors are all ignored or in the baseline was accepted so.
        """
        failed = [model.name for model in self.models if model.problem is not None]
        accepted = self._accepted()
        undecided = [
            link.name
            for link in self.links
            if link.problem is not None or (link.verdict == "undecided" and link.name not in accepted)
        ]
        return (*failed, *undecided)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties (mypy#1362)
    @property
    def exit_code(self) -> int:
        """0 passed, 1 findings at level error, 2 something could not be checked."""
        if self.incomplete:
            return 2
        return 1 if any(one.finding.level == "error" for one in self.active) else 0

    def _accepted(self) -> set[str]:
        errors = [one for one in self.findings if one.finding.level == "error"]
        counting = {one.subject for one in errors if one.suppression is None}
        return {one.subject for one in errors} - counting
