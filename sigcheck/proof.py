"""Proof: the adapters of drafts, proved in one worker process, and the report on each."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

from sigcheck.draft import Draft, VerifyLevel
from sigcheck.planning.unchecked import list_unchecked
from sigcheck.schema.arguments import require_word
from sigcheck.schema.finding import Finding
from sigcheck.schema.plan import Verdict
from sigcheck.schema.report import Adapter, Binding, CheckResult, Verification
from sigcheck.schema.time_limit import require_time_limit

if TYPE_CHECKING:
    import networkx as nx

    from sigcheck.adapters.callable import CallableAdapter
    from sigcheck.verification.job import Job

# Proves jobs, one verification for each: `(jobs, level, timeout)`, as `verification.verify` does.
Prover = Callable[[Sequence["Job"], Literal["traced", "executed"], float], Sequence[Verification]]

# In seconds: TensorFlow takes some ten to start, an adapter some tenths.
DEFAULT_TIMEOUT = 120.0


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
            _emit(self.draft, self.result.verification) if self.result.adapter is None else self.result.adapter.source,
            self.result.producer,
            self.result.consumer,
            self.bindings,
        )

    @property
    def graphs(self) -> dict[str, nx.DiGraph[Any]]:
        """For each input that was planned for, the graph that was searched: a `step` and a `cost` on each edge."""
        pairs = zip(self.bindings, self.draft.match.outcomes, strict=True)
        return {binding.required: outcome.graph for binding, outcome in pairs if outcome.graph is not None}

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

        return render_check(self.result, graphs=self.graphs)

    def _repr_html_(self) -> str:
        from sigcheck.reports.formats.html import embed

        return embed(self.to_html())

    def __repr__(self) -> str:
        findings = ", ".join(dict.fromkeys(finding.rule for finding in self.findings))
        return f"<Report {self.verdict}, {self.verification.level}{f'; {findings}' if findings else ''}>"

    def __str__(self) -> str:
        from sigcheck.reports import FORMATS

        return FORMATS["text"].render_check(self.result)


def prove(
    drafts: Sequence[Draft], verify: VerifyLevel | None, timeout: float, run: Prover | None = None
) -> list[Report]:
    """Proves the adapters of all drafts in one worker process, and reports on each.

    `run` proves the jobs; by default `verify` of the verification does. Raises UsageError for a
    `timeout` that is no number of seconds, and a level that does not exist.
    """
    require_time_limit(timeout)
    if verify is not None:
        require_word("verify", verify, get_args(VerifyLevel))
    level = verify or ("executed" if importlib.util.find_spec("tensorflow") is not None else "typed")
    to_prove = [draft for draft in drafts if draft.is_runnable]
    proofs: dict[int, Verification] = {}
    if level != "typed" and to_prove:
        from sigcheck.verification.job import Job
        from sigcheck.verification.verify import verify as run_all

        jobs = [
            Job(
                source=_emit(draft, None),
                provided=draft.outputs,
                required=draft.inputs,
                bindings=draft.match.bindings,
                models=draft.models,
            )
            for draft in to_prove
        ]
        proofs = {
            id(draft): proof for draft, proof in zip(to_prove, (run or run_all)(jobs, level, timeout), strict=True)
        }
    return [_report(draft, proofs.get(id(draft)) or _typed(draft, verify), level, verify) for draft in drafts]


def _typed(draft: Draft, verify: VerifyLevel | None) -> Verification:
    if not draft.has_adapter:
        return Verification(level="typed", reason="there is no adapter to run")
    if not draft.is_runnable:
        return Verification(level="typed", reason="it fits as it is: there is nothing to run")
    if verify == "typed":
        return Verification(level="typed", reason="as asked")
    return Verification(level="typed", reason="TensorFlow is not installed: pip install 'sigcheck[tensorflow]'")


def _emit(draft: Draft, verification: Verification | None) -> str:
    from sigcheck.adapters.python_source import write_python

    return write_python(draft.producer, draft.consumer, draft.match.bindings, verification)


def _report(draft: Draft, verification: Verification, level: VerifyLevel, verify: VerifyLevel | None) -> Report:
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
        policy=draft.policy,
        verification=verification,
        wanted=level if draft.models is None else "end_to_end",
        is_wanted_by_name=verify is not None or draft.models is not None,
    )
    result = CheckResult(
        producer=draft.producer,
        consumer=draft.consumer,
        verdict=draft.verdict,
        bindings=match.bindings,
        findings=find_all(view),
        unchecked=list_unchecked(match.bindings, draft.outputs, draft.inputs),
        verification=verification,
    )
    if draft.has_adapter and draft.is_changed:
        result = result.model_copy(update={"adapter": Adapter(source=_emit(draft, verification))})
    return Report(result, draft)
