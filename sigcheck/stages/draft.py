"""Draft: a pair that is bound and planned, and not yet proved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from sigcheck.planning.ends import Ends
from sigcheck.planning.matching import Match
from sigcheck.planning.with_sizes import with_sizes
from sigcheck.schema.chain import worst_verdict
from sigcheck.schema.elsewhere import Elsewhere
from sigcheck.schema.evidence import Seen
from sigcheck.schema.length_choice import LengthChoice
from sigcheck.schema.plan import PASSING, Verdict
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint
from sigcheck.sizes.judged import Judged
from sigcheck.stages.pair import Pair

# How far a check can be asked to prove an adapter, by its types or by running it.
VerifyLevel = Literal["typed", "traced", "executed"]


@dataclass(frozen=True, kw_only=True)
class Draft(Pair):
    """A pair that is bound and planned, and not yet proved."""

    match: Match
    policy: Policy
    # Signatures that would do, where this pair is blocked.
    elsewhere: tuple[Elsewhere, ...] = ()

    @classmethod
    def of(cls, pair: Pair, match: Match, policy: Policy) -> Draft:
        """The draft of a pair; where a consumer is called row by row, over those outputs that feed it."""
        rows = pair.rows
        if rows is not None and rows.called == "consumer":
            from sigcheck.planning.row_by_row import called_over

            taken = {source.name for binding in match.bindings for source in binding.sources}
            rows = called_over(rows, taken, pair.results)
        return cls(**{**vars(pair), "rows": rows}, match=match, policy=policy)

    @cached_property
    def judged(self) -> Judged:
        """Whether what the inputs are fed, after their plans, meets the constraints."""
        return self._ends.judge(self.match)

    @cached_property
    def sizes(self) -> Judged:
        """The same, but that what the adapter asserts counts as met."""
        found = self.judged
        asserted = {guard.holds for binding in self.match.bindings for guard in binding.asserts}
        return replace(found, undecided=tuple(one for one in found.undecided if one.holds not in asserted))

    @cached_property
    def judged_alone(self) -> Judged:
        """The same over the inputs of its own producers, where those before them in a pipeline are not run."""
        if self.giver is None:
            return self.judged
        own, passed = self.giver.signature, (one.endpoint for one in self.giver.passed)
        return Ends((*own.outputs, *passed), self.inputs, self.constraints, own.constraints).judge(self.match)

    @property
    def _ends(self) -> Ends:
        return Ends(self.outputs, self.inputs, self.constraints, self.given)

    def choosing(self, match: Match) -> Draft:
        """The draft with another choice among its plans, which is held against the sizes as the first was."""
        return replace(self, match=with_sizes(match, self._ends, self.policy, lambda: None))

    @cached_property
    def verdict(self) -> Verdict:
        """That of the worst binding; what is missing or of a size that fails blocks, what is ambiguous is undecided."""
        verdicts: list[Verdict] = [binding.verdict for binding in self.match.bindings]
        if self.match.missing or self.sizes.unmet:
            verdicts.append("blocked")
        if self.match.ambiguous:
            verdicts.append("undecided")
        if self.rows is not None:
            # What fits row by row is called so by the adapter.
            verdicts.append("adapts")
        verdicts += [one.verdict for one in self.match.unjoined]
        return worst_verdict(verdicts)

    @property
    def choices(self) -> tuple[LengthChoice, ...]:
        """The lengths that rows could have, where that was open and data showed some."""
        shown = self.evidence.get("producer")
        if not shown:
            return ()
        from sigcheck.stages.lengths import list_choices

        return tuple(list_choices(self.match.bindings, shown, self.policy))

    @property
    def observed(self) -> tuple[Seen, ...]:
        """What data showed of the endpoints, side by side."""
        if not self.evidence:
            return ()
        sides: tuple[tuple[Literal["producer", "consumer"], tuple[Endpoint, ...]], ...] = (
            ("producer", self.outputs),
            ("consumer", self.inputs),
        )
        return tuple(
            Seen(side=side, name=one.name, evidence=self.evidence[side][one.name])
            for side, endpoints in sides
            for one in endpoints
            if one.name in self.evidence.get(side, {})
        )

    @property
    def has_adapter(self) -> bool:
        """Whether every input is planned. The adapter of a pair that fits passes values on as they are."""
        return self.verdict in PASSING and bool(self.match.bindings)

    @property
    def is_runnable(self) -> bool:
        """Whether there is something to prove without the models: an adapter of some steps."""
        return self.has_adapter and (self.is_called_over or self._has_steps)

    @property
    def is_called_over(self) -> bool:
        """Whether the adapter calls the consumer row by row."""
        return self.rows is not None and self.rows.called == "consumer"

    @property
    def run_on(self) -> tuple[Endpoint, ...]:
        """What the adapter is run on: the outputs, whole where it calls the consumer row by row."""
        return self.rows.over if self.rows is not None and self.is_called_over else self.outputs

    @property
    def run_into(self) -> tuple[Endpoint, ...]:
        """What it gives: the inputs, all rows of each where it calls the consumer row by row."""
        if not self.is_called_over:
            return self.inputs
        from sigcheck.planning.row_by_row import all_rows

        return all_rows(self.inputs, is_ragged=self.rows is not None and self.rows.is_ragged)

    @property
    def _has_steps(self) -> bool:
        return any(binding.steps for binding in self.match.bindings)

    @property
    def is_changed(self) -> bool:
        """Whether the adapter does more than pass values on under their names."""
        if self.rows is not None:
            return True
        return any(b.provided != b.required or b.verdict != "fits" for b in self.match.bindings)

    @property
    def is_told(self) -> bool:
        """Whether the adapter, where there is one, is shown or run: one that does nothing is neither."""
        return self.is_changed or self.is_runnable
