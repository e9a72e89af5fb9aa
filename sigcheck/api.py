"""The flow on one page: read, bind, plan, emit, verify, report."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

from sigcheck.inference.settle import settle
from sigcheck.planning.binding import Match, bind
from sigcheck.planning.declaration import SIDES, Declared, declare
from sigcheck.planning.unchecked import list_unchecked
from sigcheck.schema.errors import UsageError
from sigcheck.schema.finding import Finding
from sigcheck.schema.junction import Bind
from sigcheck.schema.plan import Verdict
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import Adapter, Binding, CheckResult, Side, Verification, worst_verdict
from sigcheck.schema.signature import Endpoint, Model
from sigcheck.sides import read_model, read_side

if TYPE_CHECKING:
    import networkx as nx

    from sigcheck.adapters.callable import CallableAdapter
    from sigcheck.planning.example import Example
    from sigcheck.verification.job import Job, Models

VerifyLevel = Literal["typed", "traced", "executed"]

# Proves jobs, one verification for each: `(jobs, level, timeout)`, as `verification.verify` does.
Prover = Callable[[Sequence["Job"], Literal["traced", "executed"], float], Sequence[Verification]]

# In seconds: TensorFlow takes some ten to start, an adapter some tenths.
DEFAULT_TIMEOUT = 120.0


def read(
    source: object,
    *,
    key: str | None = None,
    tags: Sequence[str] | None = None,
    load: bool = False,
    infer: bool = False,
) -> Model:
    """The signatures of a source: a path such as `model/#serving_default`, or a live object.

    With a key, in the call or behind the `#`, the model has that signature only. `load` lets
    TensorFlow load a file, in a process of its own, for what the file does not say: a model is a
    program. `infer` adds what the graph in the file shows of the values, with its reasons. Raises
    SourceError where the source cannot be read and UsageError where the key does not exist.
    """
    return read_model(source, key, tags, load=load, infer=infer)


def check(  # noqa: PLR0913  # a question has as many sides; all but two are named
    producer: object,
    consumer: object,
    *,
    bind: Bind | None = None,
    policy: Policy | None = None,
    facts: Mapping[str, Declared] | None = None,
    verify: VerifyLevel | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    load: bool = False,
    run_models: bool = False,
    example: str | PathLike[str] | None = None,
    infer: bool = True,
) -> Report:
    """Says whether the producer's outputs can feed the consumer's inputs, and what makes them fit.

    Several producers are given as a list; outputs of one name are then `MODEL.OUTPUT`.
    `bind` maps outputs to inputs: `{"a": "x", "b": "x"}` joins two outputs, `{"a": ["x", "y"]}` shares
    or parts one, and a key such as `concat(a, b, axis=1)` says how. `facts` declares facts as
    `{"producer": {"output_0": {"range": [0, 255]}}, "consumer": {...}}`. `verify` is the
    level of proof, by default `executed` where TensorFlow is installed; `timeout` limits it, in seconds.
    `load` reads files as `read` does with it.
    `run_models` proves it end to end: both models, which are programs, are loaded and run in the
    worker process with the adapter between them. `example` is an `.npz` file with a `provided` and a
    `required` array, by which plans that tie are decided. Without `infer` the graphs of the models are
    not looked at: only what is declared, or stands in the files as metadata, is known of values.

    A mismatch is a finding of the report. Raises SourceError where a side cannot be read and
    UsageError where a key, a name or a fact does not exist.
    """
    draft = plan_pair(
        producer,
        consumer,
        bind_names=bind,
        policy=policy or DEFAULT_POLICY,
        facts=facts,
        load=load,
        example=example,
        infer=infer,
    )
    if run_models:
        draft = add_models(draft, producer, consumer, verify, load=load)
    return prove([draft], verify, timeout)[0]


@dataclass(frozen=True)
class Draft:
    """A pair that is bound and planned, and not yet proved."""

    producer: Side
    consumer: Side
    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    match: Match
    policy: Policy
    # The files of both sides, where they are to be run.
    models: Models | None = None

    @property
    def verdict(self) -> Verdict:
        """That of the worst binding; what is missing blocks, what is ambiguous is undecided."""
        verdicts: list[Verdict] = [binding.verdict for binding in self.match.bindings]
        if self.match.missing:
            verdicts.append("blocked")
        if self.match.ambiguous:
            verdicts.append("undecided")
        verdicts += [one.verdict for one in self.match.unjoined]
        return worst_verdict(verdicts)

    @property
    def has_adapter(self) -> bool:
        """Whether every input is planned."""
        return self.verdict in {"fits", "adapts", "guarded"} and bool(self.match.bindings)

    @property
    def is_runnable(self) -> bool:
        """Whether there is something to prove: an adapter of some steps, or any between models that are run."""
        return self.has_adapter and (self.models is not None or any(b.steps for b in self.match.bindings))

    @property
    def is_changed(self) -> bool:
        """Whether the adapter does more than pass values on under their names."""
        return any(b.provided != b.required or b.verdict != "fits" for b in self.match.bindings)


@dataclass(frozen=True)
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

    def to_json(self) -> str:
        """The report as `sigcheck check --format json` prints it."""
        from sigcheck.reports import FORMATS

        return FORMATS["json"].render_check(self.result)

    def to_html(self) -> str:
        """The report as one web page, with the graphs that were searched."""
        from sigcheck.reports.html import render_check

        return render_check(self.result, graphs=self.graphs)

    def _repr_html_(self) -> str:
        from sigcheck.reports.html import embed

        return embed(self.to_html())

    def __str__(self) -> str:
        from sigcheck.reports import FORMATS

        return FORMATS["text"].render_check(self.result)


def plan_pair(
    producer: object,
    consumer: object,
    *,
    bind_names: Bind | None = None,
    policy: Policy = DEFAULT_POLICY,
    facts: Mapping[str, Declared] | None = None,
    load: bool = False,
    example: str | PathLike[str] | None = None,
    infer: bool = True,
) -> Draft:
    """Reads both sides, binds their names and plans every binding. Raises as `check` does."""
    declared = facts or {}
    for side in declared:
        if side not in SIDES:
            raise UsageError(f"facts.{side}", f"no side {side!r}, expected producer or consumer. Correct it.")
    giver, outputs = read_side(producer, "outputs", load=load, infer=infer)
    taker, inputs = read_side(consumer, "inputs", load=load, infer=infer)
    outputs = declare(outputs, "producer", declared.get("producer", {}))
    inputs = declare(inputs, "consumer", declared.get("consumer", {}))
    outputs, inputs = settle(outputs, inputs)
    pair = None if example is None else _read_example(example)
    return Draft(giver, taker, outputs, inputs, bind(outputs, inputs, bind_names, policy, example=pair), policy)


def _read_example(path: str | PathLike[str]) -> Example:
    from sigcheck.planning.example import read_example

    return read_example(path)


def prove(
    drafts: Sequence[Draft], verify: VerifyLevel | None, timeout: float, run: Prover | None = None
) -> list[Report]:
    """Proves the adapters of all drafts in one worker process, and reports on each.

    `run` proves the jobs; by default `verify` of the verification does.
    """
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


def add_models(
    draft: Draft, producer: object, consumer: object, verify: VerifyLevel | None, *, load: bool = False
) -> Draft:
    """The draft with its models, to be run. Raises UsageError where one cannot be, or where less is asked for."""
    from sigcheck.sides import read_runnable
    from sigcheck.verification.job import Models

    if verify not in {None, "executed"}:
        problem = f"goes beyond the level {verify}, expected executed. Leave out one of the two."
        raise UsageError("run_models", problem)
    names = [endpoint.name for endpoint in draft.outputs]
    models = Models(
        producers=read_runnable(producer, names, load=load), consumer=read_runnable(consumer, [], load=load)[0]
    )
    return replace(draft, models=models)


def _report(draft: Draft, verification: Verification, level: VerifyLevel, verify: VerifyLevel | None) -> Report:
    from sigcheck.rules import find_all
    from sigcheck.rules.rule import MatchView

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
        unchecked=list_unchecked(match.bindings),
        verification=verification,
    )
    if draft.has_adapter and draft.is_changed:
        result = result.model_copy(update={"adapter": Adapter(source=_emit(draft, verification))})
    return Report(result, draft)
