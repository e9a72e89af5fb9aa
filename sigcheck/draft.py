"""Draft: both sides read, bound and planned, and not yet proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Literal

from sigcheck.inference.settle import settle
from sigcheck.planning.binding import Match, bind
from sigcheck.planning.declaration import SIDES, Declared, declare
from sigcheck.schema.arguments import require_bind, require_facts, require_flag, require_path, require_policy
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import Bind
from sigcheck.schema.plan import Verdict
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import Side, worst_verdict
from sigcheck.schema.signature import Endpoint
from sigcheck.sides import read_side

if TYPE_CHECKING:
    from sigcheck.planning.example import Example
    from sigcheck.verification.job import Models

# How far a check can be asked to prove an adapter, by its types or by running it.
VerifyLevel = Literal["typed", "traced", "executed"]


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
    _require_arguments(bind_names, policy, facts, example)
    require_flag("load", load)
    require_flag("infer", infer)
    _check_policy(policy)
    declared = {} if facts is None else facts
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


def _require_arguments(bind_names: object, policy: object, facts: object, example: str | PathLike[str] | None) -> None:
    """Raises UsageError for what is of another kind than `check` takes."""
    require_policy("policy", policy)
    if bind_names is not None:
        require_bind(bind_names)
    if facts is not None:
        require_facts(facts)
    if example is not None:
        require_path("example", example)


def _read_example(path: str | PathLike[str]) -> Example:
    from sigcheck.planning.example import read_example

    return read_example(path)


def _check_policy(policy: Policy) -> None:
    """Raises UsageError for a name that the policy has and nothing else: what is denied by it is not denied."""
    if not policy.deny and not policy.allow:
        return
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.planning.names import nearest
    from sigcheck.transforms import BY_NAME

    for field, known in (("deny", (*BY_NAME, *JUNCTIONS)), ("allow", tuple(BY_NAME))):
        for name in getattr(policy, field):
            if name not in known:
                raise UsageError(f"policy.{field}", f"no transform {name!r}; {nearest(name, known)}")


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
