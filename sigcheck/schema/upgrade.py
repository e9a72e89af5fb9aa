"""The report of a diff: what changed from one version of a model to the next, and whom it breaks."""

from __future__ import annotations

from typing import Literal

from pydantic import computed_field

from sigcheck.schema.finding import Finding
from sigcheck.schema.plan import Verdict
from sigcheck.schema.report import CheckResult, Side
from sigcheck.schema.value import SCHEMA_VERSION, Value

# `safe`: passed before and fits still. `adapter`: passes with an adapter that is new or another
# one. `broken`: passed before, and no longer does. `failing`: did not pass before either.
Effect = Literal["safe", "adapter", "broken", "failing"]


class Rebound(Value):
    """An input that is fed otherwise than before, though what fed it is there: in words, from what and from what."""

    required: str
    before: str
    after: str


class LinkEffect(Value):
    """What the change does to one link of the config; `after` is the check with the new version.

    `is_rewritten` says that it passes by other steps than before: an adapter that is in use is another then,
    beyond the names in it. `rebound` are the inputs that other outputs, or constants, feed.
    """

    link: str
    effect: Effect
    before: Verdict
    after: CheckResult
    is_rewritten: bool = False
    rebound: tuple[Rebound, ...] = ()


class DiffResult(Value):
    """The answer to one diff: the JSON contract of `sigcheck diff`.

    Each finding is one change. Its level comes from one model of compatibility: an input may
    take more and an output may give less, anything else breaks (error) or may break (warning).
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    old: Side
    new: Side
    findings: tuple[Finding, ...] = ()
    links: tuple[LinkEffect, ...] = ()
    # Models that were there before, and cannot be read now: nothing is known of what became of them.
    unread: tuple[str, ...] = ()

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties (mypy#1362)
    @property
    def exit_code(self) -> int:
        """0 compatible, 1 a change that breaks, 2 a link can no longer be decided, or a model not be read."""
        if self.unread or any(link.effect == "broken" and link.after.verdict == "undecided" for link in self.links):
            return 2
        return 1 if any(finding.level == "error" for finding in self.findings) else 0
