"""Joined example: what an example says of outputs that are bound together.

    numpy.savez("pair.npz", **{"provided.a": left, "provided.b": right, "required.x": joined})

The ways to join or to part that make the required arrays of the provided ones remain, and so do
the plans before and behind the junction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sigcheck.junctions import JUNCTIONS
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.planning.effort import OF_COMPARISON, may_search, spend
from sigcheck.planning.example import (
    NO_EFFORT,
    TOO_MANY,
    VALUES_OF_UNIT,
    Example,
    Miss,
    as_spec,
    check_provided,
    find_miss,
)
from sigcheck.planning.explained import search
from sigcheck.planning.fans import Fan, Joined, Unjoined
from sigcheck.planning.goal import exceeds
from sigcheck.planning.rivals import SkipError, run
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import Junction
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms.parts.array import Array, GuardError, Tensor


class _Question(NamedTuple):
    """The provided arrays, in the order of the outputs, and the required ones by the place of their input."""

    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    provided: tuple[Array, ...]
    required: Mapping[int, Array]
    place: str


@dataclass
class _Trial:
    """What makes the required arrays, and by how much the rest misses them."""

    left: dict[int, list[Joined]] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)

    @property
    def is_made(self) -> bool:
        """Whether every input that has an array is made."""
        return bool(self.left) and all(self.left.values())


def choose_by_example(found: Junction | Unjoined, example: Example, policy: Policy) -> Junction | Unjoined:
    """The one way that makes the example; where several do, those are left to choose from.

    A junction, and what the example does not speak of, comes back as it is. Raises UsageError where
    no way makes it, saying how near the best came, and where the example has arrays of some parts only.
    """
    if isinstance(found, Junction) or not found.ways:
        return found
    question = _ask(example, found.outputs, found.inputs)
    if question is None:
        return found
    misses: list[Miss] = []
    for is_alternative in (False, True):
        trials = {way: _try(way, question, policy, is_alternative=is_alternative) for way in found.ways}
        made = tuple(way for way, trial in trials.items() if trial.is_made)
        if made:
            return made[0] if len(made) == 1 else replace(found, ways=made)
        misses += [miss for trial in trials.values() for miss in trial.misses]
    if not misses:
        return found
    raise _not_made(question, misses)


def decide_joined(fan: Fan, found: Sequence[Joined], example: Example) -> tuple[Joined, ...]:
    """The bindings with those plans only that make the example, as `example.decide` does for one output.

    Raises UsageError where none does, and where the example has arrays of some parts only.
    """
    question = _ask(example, fan.outputs, fan.inputs)
    if question is None:
        return tuple(found)
    misses: list[Miss] = []
    left: dict[int, list[Joined]] = {}
    for is_alternative in (False, True):
        trial = _try(fan.junction, question, fan.policy, is_alternative=is_alternative)
        misses += trial.misses
        left = {at: left.get(at) or ways for at, ways in trial.left.items()}
        if all(left.values()):
            break
    if misses and not all(left.values()):
        raise _not_made(question, misses)
    # Of an input that no plan leads to the example decides nothing.
    return tuple(_narrowed(one, left[at]) if left.get(at) else one for at, one in enumerate(found))


def _narrowed(found: Joined, left: Sequence[Joined]) -> Joined:
    """The one that is left; else what was chosen before, if it is among them; else what is left is undecided."""
    binding, outcome = left[0]
    if len(left) == 1:
        return left[0]
    if found.binding.plan is not None and found.binding.whole in [one.binding.whole for one in left]:
        return found
    if any(one.binding.parts != binding.parts for one in left):
        # They differ before the junction, and nothing says which is meant.
        undecided = found.binding.model_copy(update={"verdict": "undecided", "plan": None})
        return Joined(undecided, replace(found.outcome, verdict="undecided", plan=None))
    own = tuple(one.binding.plan for one in left if one.binding.plan is not None)
    rest = tuple(plan for plan in binding.alternatives if plan not in own)
    told = {"verdict": "undecided", "plan": None, "candidates": own, "alternatives": rest}
    return Joined(
        binding.model_copy(update=told),
        replace(outcome, verdict="undecided", plan=None, candidates=own, alternatives=rest),
    )


def _ask(example: Example, outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]) -> _Question | None:
    """What the example says of these; None where it says nothing."""
    place = f"{example.place} for {', '.join(one.name for one in inputs)}"
    for side, arrays, ends in (("provided", example.provided, outputs), ("required", example.required, inputs)):
        if len(ends) > 1 and "" in arrays:
            names = " and ".join(f"{side}.{one.name}" for one in ends)
            raise UsageError(place, f"an array {side!r}, expected {names}. Name each.")
    is_one = len(outputs) == 1
    provided = [example.provided.get(one.name, example.provided.get("") if is_one else None) for one in outputs]
    only = example.required.get("") if len(inputs) == 1 else None
    found = {at: example.required.get(one.name, only) for at, one in enumerate(inputs)}
    required = {at: array for at, array in found.items() if array is not None}
    given = tuple(array for array in provided if array is not None)
    if not required or not given:
        return None
    if len(given) < len(provided):
        missing = next(one.name for one, array in zip(outputs, provided, strict=True) if array is None)
        names = ", ".join(one.name for one in outputs)
        raise UsageError(place, f"no array 'provided.{missing}', expected one each of {names}. Save it too.")
    for array, one in zip(given, outputs, strict=True):
        check_provided(array, one.spec, f"{place} from {one.name}" if len(outputs) > 1 else place)
    values = tuple(as_spec(array, one.spec) for array, one in zip(given, outputs, strict=True))
    return _Question(tuple(outputs), tuple(inputs), values, required, place)


def _try(way: Junction, question: _Question, policy: Policy, *, is_alternative: bool) -> _Trial:
    trial = _Trial()
    for at, required in question.required.items():
        trial.left[at] = []
        try:
            for variant in _variants(way, question, at, policy):
                for one in _planned(variant, policy.of(question.inputs[at].name), is_alternative=is_alternative):
                    miss = _miss(one.binding, question.provided, required)
                    if miss is None:
                        trial.left[at].append(one)
                    else:
                        steps = ", ".join(map(str, one.binding.steps))
                        trial.misses.append(Miss(miss.share, f"{one.binding.provided} ({steps}): {miss.told}"))
        except JunctionError:
            # The shapes of the parts once they are planned do not join so: no way to the example.
            continue
    return trial


def _variants(way: Junction, question: _Question, at: int, policy: Policy) -> Iterator[Joined]:
    if way.kind != "share":
        yield from Fan(way, question.outputs, question.inputs, policy).variants(at)
        return
    provided, required = question.outputs[0], question.inputs[at]
    outcome = search(provided.spec, required.spec, policy.of(required.name))
    binding = Binding(
        provided=str(way),
        required=required.name,
        verdict=outcome.verdict,
        provided_spec=provided.spec,
        required_spec=required.spec,
        plan=outcome.plan,
    )
    yield Joined(binding, outcome)


def _planned(found: Joined, policy: Policy, *, is_alternative: bool) -> Iterator[Joined]:
    """Yields the binding with each plan of its own that it may have, or with each dearer one that is allowed."""
    binding, outcome = found
    if any(part.plan is None for part in binding.parts):
        return
    before = [step for part in binding.parts for step in part.steps] + [*filter(None, (binding.junction,))]
    plans = outcome.candidates or tuple(filter(None, (outcome.plan,)))
    if is_alternative:
        plans = tuple(plan for plan in outcome.alternatives if not exceeds(plan.cost, policy)) if plans else ()
    for plan in plans:
        verdict = Plan(steps=(*before, *plan.steps)).verdict
        rest = tuple(one for one in (*plans, *outcome.alternatives) if one != plan)
        yield Joined(
            binding.model_copy(
                update={"verdict": verdict, "plan": plan, "candidates": (), "alternatives": rest, "nearest": None}
            ),
            replace(outcome, verdict=plan.verdict, plan=plan, candidates=(), alternatives=rest),
        )


def _miss(binding: Binding, provided: Sequence[Array], required: Array) -> Miss | None:
    if not may_search():
        return Miss(4.0, NO_EFFORT)
    spend(OF_COMPARISON + sum(array.size for array in provided) // VALUES_OF_UNIT)
    own, steps = binding.plan or Plan(), Plan(steps=binding.steps)

    def make() -> Tensor:
        if binding.junction is None:
            return run(binding.provided_spec, own, provided[0])
        parts = [
            run(part.provided_spec, part.plan or Plan(), value)
            for part, value in zip(binding.parts, provided, strict=True)
        ]
        kind = JUNCTIONS[binding.junction.transform]
        whole = kind.reference(binding.part_specs, binding.junction, parts)
        return run(binding.provided_spec, own, whole)

    try:
        made = make()
    except GuardError as error:
        return Miss(3.0, f"its guard fails ({error})")
    except SkipError:
        return Miss(4.0, TOO_MANY)
    return find_miss(made, required, steps)


def _not_made(question: _Question, misses: Sequence[Miss]) -> UsageError:
    nearest = min(misses).told
    given = " and ".join(one.name for one in question.outputs)
    problem = f"nothing that is bound makes the required array of {given}; the nearest is {nearest}"
    return UsageError(question.place, f"{problem}. Check the example.")
