"""Fans: the ways in which several outputs make one input, or one output several, and what each costs.

The ways are found from shapes alone, so that what is chosen can be foreseen. A part that differs
from what is required is planned to it before it is joined: an axis of two encodings is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any, NamedTuple

from pydantic import ValidationError

from sigcheck.junctions import JUNCTIONS
from sigcheck.junctions.parts.carried import is_lost
from sigcheck.junctions.parts.junction import JunctionError, to_dense
from sigcheck.planning import explained
from sigcheck.planning.fan_ways import find_ways
from sigcheck.planning.search import Outcome, search
from sigcheck.planning.texts import with_form
from sigcheck.schema.chain import worst_verdict
from sigcheck.schema.junction import FAN_OUT, MOST_PARTS, Junction
from sigcheck.schema.plan import PASSING, Plan, Step, Verdict
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

# Ways to plan the parts of one junction that are told apart; each is planned on to the input.
MOST_VARIANTS = 64


@dataclass(frozen=True)
class Unjoined:
    """Outputs that are bound together, and the inputs that they do not feed.

    `ways` are the junctions that fit equally well; where there is none, `problem` says what differs
    and `cure` what to do, where that is known; `kind` is that of the junction which was named.
    """

    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    ways: tuple[Junction, ...] = ()
    problem: str = ""
    cure: str = ""
    kind: str = ""

    @property
    def verdict(self) -> Verdict:
        """Undecided where there is a choice, or a dtype or rank that nobody knows."""
        ends = (*self.outputs, *self.inputs)
        is_unknown = any(one.spec.dtype is None or one.spec.shape is None for one in ends)
        return "undecided" if self.ways or is_unknown else "blocked"


class Joined(NamedTuple):
    """A binding with a junction, and the search behind what follows the junction."""

    binding: Binding
    outcome: Outcome


def choose(outputs: Sequence[Endpoint], inputs: Sequence[Endpoint], policy: Policy) -> Junction | Unjoined:
    """The one way in which outputs bound together feed their inputs, else what there is to choose from."""
    sure, open_ways = find_ways(outputs, inputs)
    ways = sure or open_ways
    if len(outputs) == 1:
        share = Junction(kind="share", outputs=(outputs[0].name,))
        if len(inputs) > MOST_PARTS:
            return share
        is_shared = all(search(outputs[0].spec, one.spec, policy.of(one.name)).verdict != "blocked" for one in inputs)
        if not ways:
            # Of what each input would have to cut off, another one takes the rest.
            ways = () if is_shared else _moved_ways(outputs[0], inputs)
            return _open(outputs, inputs, ways, policy) if ways else share
        if is_shared:
            # Behind those that need no batch merged: the first is the one that is shown how to say.
            ways = (*ways, share)
    if len(ways) == 1 and sure and ways[0].kind not in policy.deny:
        return ways[0]
    # Forbidding one of several does not say that another is meant.
    return _open(outputs, inputs, ways, policy) if ways else _different(outputs, inputs)


def _moved_ways(output: Endpoint, inputs: Sequence[Endpoint]) -> tuple[Junction, ...]:
    """The ways to part an output among inputs that have the axis in another place, or not at all."""
    from sigcheck.junctions import split

    axes = split.moved_ways(output.spec, [one.spec for one in inputs])
    return tuple(Junction(kind=split.NAME, outputs=(output.name,), axis=axis) for axis in axes)


def _open(
    outputs: Sequence[Endpoint], inputs: Sequence[Endpoint], ways: Sequence[Junction], policy: Policy
) -> Unjoined:
    """What only somebody can choose from."""
    allowed = tuple(way for way in ways if way.kind not in policy.deny)
    return Unjoined(tuple(outputs), tuple(inputs), allowed) if allowed else _denied(ways[0], outputs, inputs)


def join(
    junction: Junction, outputs: Sequence[Endpoint], inputs: Sequence[Endpoint], policy: Policy
) -> tuple[Joined, ...] | Unjoined:
    """The bindings that a junction gives, one for each input, each with its plan."""
    if junction.kind in policy.deny:
        return _denied(junction, outputs, inputs)
    fan = Fan(junction, tuple(outputs), tuple(inputs), policy)
    try:
        return tuple(fan.bind(at) for at in range(len(inputs)))
    except JunctionError as error:
        problem = f"{junction}: {error}"
        return Unjoined(tuple(outputs), tuple(inputs), problem=problem, cure=error.cure, kind=junction.kind)


@dataclass(frozen=True)
class Fan:
    """A junction with what it joins and what it feeds. `bind` and `variants` raise JunctionError."""

    junction: Junction
    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    policy: Policy

    def bind(self, at: int) -> Joined:
        """The binding of the input at this place."""
        return self._complete(at, *self._plan_parts(at))

    def variants(self, at: int) -> Iterator[Joined]:
        """Yields the binding with each choice of plans of its parts that tie; itself alone where they are too many."""
        goals, plans = self._plan_parts(at)
        choices = [
            [replace(found, verdict=one.verdict, plan=one, candidates=()) for one in found.candidates] or [found]
            for found in plans
        ]
        if prod(map(len, choices)) > MOST_VARIANTS:
            choices = [[found] for found in plans]
        for chosen in product(*choices):
            yield self._complete(at, goals, chosen)

    def _step(self, at: int, parts: Sequence[TensorSpec]) -> Step:
        is_out = self.junction.kind in FAN_OUT
        required = [one.spec for one in self.inputs] if is_out else [self._required(at).spec]
        return JUNCTIONS[self.junction.kind].join(parts, required, self._argument(at))[at if is_out else 0]

    def _argument(self, at: int) -> Any:
        return self.junction.argument(self.inputs[at].name)

    def _required(self, at: int) -> Endpoint:
        """The input; where Examples are written for it, with what its graph parses of them."""
        return with_form(self.inputs[at]) if self.junction.kind == "serialize_examples" else self.inputs[at]

    def _plan_parts(self, at: int) -> tuple[Sequence[TensorSpec], Sequence[Outcome]]:
        """What each part must be before it is joined, and how it comes to be so."""
        parts, required = [one.spec for one in self.outputs], self._required(at).spec
        kind = JUNCTIONS[self.junction.kind]
        held = range(len(parts)) if kind.VALUE_PARTS is None else kind.VALUE_PARTS
        step: Step | None = None
        with suppress(JunctionError):
            step = self._step(at, parts)
        if step is not None and not is_lost([parts[one] for one in held if one < len(parts)], step.result.facts):
            return parts, [Outcome("fits", Plan())] * len(parts)
        given = getattr(kind, "goals", None)
        goals = (
            given(parts, required, self._argument(at))
            if given is not None
            else [_goal(spec, required) if one in held else spec for one, spec in enumerate(parts)]
        )
        policy = self.policy.of(self.inputs[at].name)
        return goals, [explained.search(spec, goal, policy) for spec, goal in zip(parts, goals, strict=True)]

    def _complete(self, at: int, goals: Sequence[TensorSpec], plans: Sequence[Outcome]) -> Joined:
        required = self._required(at)
        parts = [one.spec for one in self.outputs]
        step = self._step(at, [_end(*found) for found in zip(parts, goals, plans, strict=True)])
        if step.guard is not None and not self.policy.guard:
            raise JunctionError(
                f"it needs a guard ({step.guard}), which the policy does not allow", cure="leave out --no-guard"
            )
        outcome = explained.search(step.result, required.spec, self.policy.of(required.name))
        return Joined(_binding(self.junction, self.outputs, required, goals, plans, step, outcome), outcome)


def _binding(
    junction: Junction,
    outputs: Sequence[Endpoint],
    required: Endpoint,
    goals: Sequence[TensorSpec],
    plans: Sequence[Outcome],
    step: Step,
    outcome: Outcome,
) -> Binding:
    parts = tuple(
        plan.between(output.name, output.spec, required.name, goal)
        for output, goal, plan in zip(outputs, goals, plans, strict=True)
    )
    verdict = worst_verdict(
        [
            outcome.verdict,
            "guarded" if step.guard is not None else "adapts",
            *(plan.verdict for plan in plans),
        ]
    )
    # The axis as it is in the plan: counted from the front.
    name = str(junction.model_copy(update={"axis": step.arguments.get("axis")}))
    index = step.arguments.get("index")
    whole = outcome.between(name if index is None else f"{name}[{index}]", step.result, required.name, required.spec)
    plan = outcome.plan if verdict in PASSING else None
    return whole.model_copy(update={"verdict": verdict, "plan": plan, "parts": parts, "junction": step})


def _goal(part: TensorSpec, required: TensorSpec) -> TensorSpec:
    """What a part must be before it is joined: its own shape and axes, with the dtype and facts that are required."""
    if required.dtype is None:
        raise JunctionError("the dtype of the input is not known, and the parts differ")
    stored = required.facts.quantization
    if stored is not None and stored.axis is not None:
        raise JunctionError(
            "the input is quantized along an axis, and the parts differ",
            cure="give parts that are not quantized, with the same facts: the whole is quantized then",
        )
    try:
        # Rows of axes that have no name would be turned, and joined along another axis.
        facts = required.facts.replace(axes=part.facts.axes, origins={})
        return part.replace(dtype=required.dtype, facts=facts)
    except ValidationError as error:
        raise JunctionError(f"what is declared of the input is no fact of {part}: {error.errors()[0]['msg']}") from None


def _end(part: TensorSpec, goal: TensorSpec, outcome: Outcome) -> TensorSpec:
    """What the part is once it is planned; where nothing leads there, what it would be."""
    if outcome.plan is None:
        axes = part.facts.axes if part.rank == goal.rank else None
        return goal.replace(facts=goal.facts.replace(axes=axes))
    return outcome.plan.steps[-1].result if outcome.plan.steps else part


def _denied(way: Junction, outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]) -> Unjoined:
    problem, cure = f"{way}: the policy denies {way.kind}", f"leave out --deny {way.kind}, or bind other outputs"
    return Unjoined(tuple(outputs), tuple(inputs), problem=problem, cure=cure)


def _different(outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]) -> Unjoined:
    given, taken = (", ".join(f"{one.name} {one.spec}" for one in side) for side in (outputs, inputs))
    kinds = "junction" if len(outputs) > 1 else "split or unstack"
    cure = next((cure for one in outputs if (cure := to_dense(one.spec))), "")
    return Unjoined(tuple(outputs), tuple(inputs), problem=f"no {kinds} of {given} is {taken}", cure=cure)


def suggest(outputs: Sequence[Endpoint], required: Endpoint, policy: Policy) -> Iterator[Junction]:
    """Yields the junctions of these outputs, in their order, that the sizes show and that lead to the input."""
    if 1 < len(outputs) <= MOST_PARTS:
        for way in find_ways(outputs, [required])[0]:
            found = join(way, outputs, [required], policy)
            if not isinstance(found, Unjoined) and all(one.binding.verdict in PASSING for one in found):
                yield way
