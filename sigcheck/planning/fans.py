"""Fans: the ways in which several outputs make one input, or one output several, and what each costs.

The ways are found from shapes alone, so that what is chosen can be foreseen. A part that differs
from what is required is planned to it before it is joined: an axis of two encodings is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import ValidationError

from sigcheck.junctions import JUNCTIONS
from sigcheck.junctions.carried import is_lost
from sigcheck.junctions.junction import JunctionError
from sigcheck.planning.search import Outcome, search
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.junction import FAN_IN, FAN_OUT, MOST_PARTS, Junction
from sigcheck.schema.plan import Plan, Step, Verdict
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding, worst_verdict
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec, is_subshape

_PASSING = frozenset({"fits", "adapts", "guarded"})


@dataclass(frozen=True)
class Unjoined:
    """Outputs that are bound together, and the inputs that they do not feed.

    `ways` are the junctions that fit equally well; where there is none, `problem` says what differs.
    """

    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    ways: tuple[Junction, ...] = ()
    problem: str = ""

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
        if not ways or len(inputs) > MOST_PARTS:
            return share
        if all(search(outputs[0].spec, one.spec, policy, is_explained=False).verdict != "blocked" for one in inputs):
            ways = (share, *ways)
    if len(ways) == 1 and sure:
        return ways[0]
    return Unjoined(tuple(outputs), tuple(inputs), ways, "" if ways else _difference(outputs, inputs))


def find_ways(
    outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]
) -> tuple[tuple[Junction, ...], tuple[Junction, ...]]:
    """The junctions whose shapes fit: those that the sizes show, and those to choose from where they show none.

    A junction along an axis of which nobody says the required size is never shown: above all it
    could be the batch. Where one result is of the required shape and another only may be, the
    sizes show the one.
    """
    parts, required = [one.spec for one in outputs], [one.spec for one in inputs]
    names = tuple(one.name for one in outputs)
    sure: list[Junction] = []
    other: list[Junction] = []
    for kind in FAN_IN if len(parts) > 1 else FAN_OUT:
        if kind not in JUNCTIONS:
            continue
        for axis in JUNCTIONS[kind].ways(parts, required):
            way = Junction(kind=kind, outputs=names, axis=axis)
            (sure if _is_shown(kind, parts, required, axis) else other).append(way)
    return (tuple(sure), ()) if sure else ((), tuple(other))


def _is_shown(kind: str, parts: Sequence[TensorSpec], required: Sequence[TensorSpec], axis: int | None) -> bool:
    bare = [spec.replace(dtype="int32", facts=NO_FACTS) if spec.kind == "dense" else spec for spec in parts]
    try:
        steps = JUNCTIONS[kind].join(bare, required, axis)
    except JunctionError:
        return False
    if axis is None:
        return True
    if not all(is_subshape(step.result.shape, one.shape) for step, one in zip(steps, required, strict=True)):
        return False
    if kind == "unstack":
        return True
    return all(one.shape is not None and one.shape[axis] is not None for one in required)


def join(
    junction: Junction, outputs: Sequence[Endpoint], inputs: Sequence[Endpoint], policy: Policy
) -> tuple[Joined, ...] | Unjoined:
    """The bindings that a junction gives, one for each input, each with its plan."""
    try:
        return tuple(
            _bind(junction, outputs, inputs, at, policy) for at in range(len(inputs))
        )
    except JunctionError as error:
        return Unjoined(tuple(outputs), tuple(inputs), problem=f"{junction}: {error}")


def _bind(
    junction: Junction,
    outputs: Sequence[Endpoint],
    inputs: Sequence[Endpoint],
    at: int,
    policy: Policy,
) -> Joined:
    required = inputs[at]
    wanted = [one.spec for one in inputs]
    own = wanted if junction.kind in FAN_OUT else [required.spec]
    place = at if junction.kind in FAN_OUT else 0
    kind = JUNCTIONS[junction.kind]
    parts = [one.spec for one in outputs]
    plans = [Outcome("fits", Plan())] * len(parts)
    goals = parts
    step: Step | None = None
    with suppress(JunctionError):
        step = kind.join(parts, own, junction.axis)[place]
    if step is None or is_lost(parts[: kind.VALUE_PARTS], step.result.facts):
        held = len(parts) if kind.VALUE_PARTS is None else kind.VALUE_PARTS
        goals = [_goal(spec, required.spec) if index < held else spec for index, spec in enumerate(parts)]
        plans = [search(*pair, policy) for pair in zip(parts, goals, strict=True)]
        ends = [_end(*found) for found in zip(parts, goals, plans, strict=True)]
        step = kind.join(ends, own, junction.axis)[place]
    if step.guard is not None and not policy.guard:
        raise JunctionError(f"it needs a guard ({step.guard}), which the policy does not allow")
    outcome = search(step.result, required.spec, policy)
    return Joined(_binding(junction, outputs, required, goals, plans, step, outcome), outcome)


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
        Binding(
            provided=output.name,
            required=required.name,
            verdict=plan.verdict,
            provided_spec=output.spec,
            required_spec=goal,
            plan=plan.plan,
            candidates=plan.candidates,
            alternatives=plan.alternatives,
            nearest=plan.nearest,
            obstacle=plan.obstacle,
        )
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
    return Binding(
        provided=name if index is None else f"{name}[{index}]",
        required=required.name,
        verdict=verdict,
        provided_spec=step.result,
        required_spec=required.spec,
        plan=outcome.plan if verdict in _PASSING else None,
        candidates=outcome.candidates,
        alternatives=outcome.alternatives,
        nearest=outcome.nearest,
        obstacle=outcome.obstacle,
        parts=parts,
        junction=step,
    )


def _goal(part: TensorSpec, required: TensorSpec) -> TensorSpec:
    """What a part must be before it is joined: its own shape, with the dtype and facts that are required."""
    if required.dtype is None:
        raise JunctionError("the dtype of the input is not known, and the parts differ")
    stored = required.facts.quantization
    if stored is not None and stored.axis is not None:
        raise JunctionError("the input is quantized along an axis, and the parts differ")
    try:
        return part.replace(dtype=required.dtype, facts=required.facts.replace(axes=None, origins={}))
    except ValidationError as error:
        raise JunctionError(f"what is declared of the input is no fact of {part}: {error.errors()[0]['msg']}") from None


def _end(part: TensorSpec, goal: TensorSpec, outcome: Outcome) -> TensorSpec:
    """What the part is once it is planned; where nothing leads there, what it would be."""
    if outcome.plan is None:
        return goal.replace(facts=goal.facts.replace(axes=part.facts.axes))
    return outcome.plan.steps[-1].result if outcome.plan.steps else part


def _difference(outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]) -> str:
    given, taken = (", ".join(f"{one.name} {one.spec}" for one in side) for side in (outputs, inputs))
    kinds = "concat, stack or ragged_by_lengths" if len(outputs) > 1 else "split or unstack"
    return f"no {kinds} of {given} is {taken}"


def suggest(outputs: Sequence[Endpoint], required: Endpoint, policy: Policy) -> Iterator[Junction]:
    """Yields the junctions of these outputs, in their order, that the sizes show and that lead to the input."""
    if 2 <= len(outputs) <= MOST_PARTS:  # noqa: PLR2004  # what there is to join
        for way in find_ways(outputs, [required])[0]:
            found = join(way, outputs, [required], policy)
            if not isinstance(found, Unjoined) and all(one.binding.verdict in _PASSING for one in found):
                yield way
