"""The report of a chain: each link of a pipeline, and what all of them lose together."""

from __future__ import annotations

from typing import Literal

from pydantic import computed_field

from sigcheck.schema.cost import Loss
from sigcheck.schema.feed import Feed
from sigcheck.schema.plan import VERDICTS, Verdict
from sigcheck.schema.report import CheckResult
from sigcheck.schema.state import State
from sigcheck.schema.value import SCHEMA_VERSION, Value


class LedgerEntry(Value):
    """One step of a chain that costs values something, or rests on something. `link` counts from 1."""

    link: int
    place: str
    step: str
    loss: Loss
    assumption: str | None = None
    guard: str | None = None


class ChainResult(Value):
    """The answer to the check of a whole pipeline: each link, and what all of them lose together.

    Exact steps that assume and guard nothing are not in the ledger. `feed` says which sizes the first
    model may be fed, where its graph names them.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    links: tuple[CheckResult, ...]
    feed: Feed | None = None

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties (mypy#1362)
    @property
    def verdict(self) -> Verdict:
        """That of the worst link."""
        return worst_verdict([link.verdict for link in self.links])

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated property (#1362)
    @property
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """What is lost, assumed and guarded, from the first model to the last."""
        return tuple(
            LedgerEntry(
                link=at,
                place=binding.required,
                step=str(step),
                loss=step.loss,
                assumption=step.assumption,
                guard=step.guard,
            )
            for at, link in enumerate(self.links, start=1)
            for binding in link.bindings
            for step in binding.told_steps
            if step.loss != "exact" or step.assumption or step.guard
        )

    @property
    def states(self) -> tuple[State, ...]:
        """What its models feed to their own next calls, each once."""
        return tuple(dict.fromkeys(state for link in self.links for state in link.states))

    @property
    def exit_code(self) -> int:
        """2 where a link could not be decided, else 1 where one failed, else 0."""
        return max((link.exit_code for link in self.links), default=0)


def worst_verdict(verdicts: list[Verdict]) -> Verdict:
    """The verdict of a whole from those of its parts; fits where there are none."""
    return max(verdicts, key=VERDICTS.index, default="fits")
