"""Report: the answer to a check, every mismatch with its cure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sigcheck.planning.unchecked import list_demands, list_open_sizes, list_unchecked, list_unfollowed
from sigcheck.schema.finding import Finding
from sigcheck.schema.plan import Step, Verdict
from sigcheck.schema.report import Adapter, Binding, CheckResult, Verification
from sigcheck.schema.signature import Signature
from sigcheck.stages.draft import Draft
from sigcheck.stages.emit import write
from sigcheck.stages.verify import Proof

if TYPE_CHECKING:
    import networkx as nx

    from sigcheck.adapters.callable import CallableAdapter


@dataclass(frozen=True, repr=False)
class Report:
    """The answer to a check, with what only a program can use: the adapter and the graphs."""

    result: CheckResult
    draft: Draft

    @property
    def verdict(self) -> Verdict:
        """fits, adapts, guarded, undecided or blocked."""
        return self.result.verdict

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """What feeds what, with its plan."""
        return self.result.bindings

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every mismatch, with its cure."""
        return self.result.findings

    @property
    def unchecked(self) -> tuple[str, ...]:
        """What was not compared, because a side does not say it."""
        return self.result.unchecked

    @property
    def verification(self) -> Verification:
        """How far the adapter is proved, and what failed."""
        return self.result.verification

    @property
    def exit_code(self) -> int:
        """0 passed, 1 findings at level error, 2 could not be decided."""
        return self.result.exit_code

    @cached_property
    def adapter(self) -> CallableAdapter | None:
        """The adapter, callable on tensors and dicts of tensors; None where there is none."""
        if not self.draft.has_adapter:
            return None
        from sigcheck.adapters.callable import CallableAdapter

        return CallableAdapter(
            write(self.draft, self.result.verification) if self.result.adapter is None else self.result.adapter.source,
            self.result.producer,
            self.result.consumer,
            self.bindings,
            self.result.row_by_row,
        )

    def to_mlflow_signature(self) -> Any:
        """What the models take and give together, as an `mlflow.models.ModelSignature`: for what runs both as one.

        Raises UsageError for what MLflow cannot say, and where it is not installed.
        """
        from sigcheck.schema.mlflow_signature import make_signature

        return make_signature(Signature(inputs=self.draft.feeds, outputs=self.draft.results))

    @property
    def graphs(self) -> dict[str, nx.DiGraph[Any]]:
        """For each input that was planned for, the graph that was searched: a `step` and a `cost` on each edge."""
        pairs = zip(self.bindings, self.draft.match.outcomes, strict=True)
        return {binding.required: outcome.graph for binding, outcome in pairs if outcome.graph is not None}

    @property
    def edges(self) -> dict[str, Mapping[Any, Mapping[Any, Step]]]:
        """The same as plain mappings: for each node that was searched from, the step to each that it leads to."""
        pairs = zip(self.bindings, self.draft.match.outcomes, strict=True)
        return {binding.required: outcome.edges for binding, outcome in pairs if outcome.edges}

    @property
    def graph(self) -> nx.DiGraph[Any]:
        """All that was searched as one graph: the graphs of the inputs side by side; empty where all fits."""
        import networkx as nx

        whole: nx.DiGraph[Any] = nx.DiGraph()
        for graph in self.graphs.values():
            whole.update(graph)
        return whole

    def to_json(self) -> str:
        """The report as `sigcheck check --format json` prints it."""
        from sigcheck.reports import FORMATS

        return FORMATS["json"].render_check(self.result)

    def to_html(self) -> str:
        """The report as one web page, with the graphs that were searched."""
        from sigcheck.reports.formats.html import render_check

        return render_check(self.result, searched=self.edges)

    def _repr_html_(self) -> str:
        from sigcheck.reports.parts.web_page import embed

        return embed(self.to_html(), "sigcheck report")

    def __repr__(self) -> str:
        findings = ", ".join(dict.fromkeys(finding.rule for finding in self.findings))
        return f"<Report {self.verdict}, {self.verification.level}{f'; {findings}' if findings else ''}>"

    def __str__(self) -> str:
        from sigcheck.reports import FORMATS

        return FORMATS["text"].render_check(self.result)


def report(draft: Draft, proof: Proof) -> Report:
    """The report on a draft and what was proved of it."""
    from sigcheck.rules import find_all
    from sigcheck.rules.views.match import MatchView

    match = draft.match
    view = MatchView(
        producer=draft.producer,
        consumer=draft.consumer,
        outputs=draft.outputs,
        inputs=draft.inputs,
        bindings=match.bindings,
        missing=match.missing,
        unused=match.unused,
        ambiguous=match.ambiguous,
        contested=match.contested,
        unjoined=match.unjoined,
        unshared=match.unshared,
        misplaced=match.misplaced,
        policy=draft.policy,
        verification=proof.verification,
        wanted=proof.wanted,
        is_wanted_by_name=proof.is_wanted_by_name,
        sizes=draft.sizes,
        cured=match.cured,
        evidence=draft.evidence,
        passed=draft.untaken,
        contradictions=tuple(one for source in draft.sources for one in source.model.contradictions),
        elsewhere=draft.elsewhere,
        is_mapped=draft.rows is not None,
        has_batched_producer=draft.has_batched_producer,
    )
    result = CheckResult(
        producer=draft.producer,
        consumer=draft.consumer,
        verdict=draft.verdict,
        bindings=match.bindings,
        findings=find_all(view),
        unchecked=(
            *list_unchecked(match.bindings, draft.outputs, draft.inputs),
            *list_open_sizes(draft.sizes),
            *list_unfollowed(match.bindings, draft.inputs, draft.unfollowed),
        ),
        verification=proof.verification,
        holds_where=list_demands(draft.judged),
        choices=draft.choices,
        observed=draft.observed,
        row_by_row=draft.rows,
        states=(*draft.states[0], *draft.states[1]),
    )
    if proof.source is not None and draft.is_changed:
        from sigcheck.adapters.python_source import with_proof

        adapter = Adapter(source=with_proof(proof.source, proof.verification))
        result = result.model_copy(update={"adapter": adapter})
    return Report(result, draft)
