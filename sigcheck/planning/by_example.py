"""By example: plans that only a provided and a required array can tell apart.

Which entries of an axis are meant, and with what rows are filled, no size says. Where no other plan makes the
example, what can is looked for among all that there could be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isnan
from typing import Any

from sigcheck.planning.example import find_miss, make
from sigcheck.planning.goal import exceeds, is_goal
from sigcheck.planning.rivals import SkipError
from sigcheck.planning.search import Outcome
from sigcheck.schema.facts import NOT_A_NUMBER, Filler, PaddingSide
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.shape import is_subshape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError

# So many plans are run on an example: those of a choice of four in eight, and some steps beside it.
MOST_RUN = 200


def decide_by_example(
    outcome: Outcome, provided: TensorSpec, required: TensorSpec, policy: Policy, pair: tuple[Array, Array]
) -> Outcome | None:
    """The outcome with the plan that makes the example, or with those that do; None where there is none.

    The provided array is one of the provided spec.
    """
    if provided.kind != "dense" or required.kind != "dense" or None in {provided.dtype, required.dtype}:
        return None
    left = plans_by_example(provided, required, policy, pair) or _plans_of_its_sizes(provided, required, policy, pair)
    if not left:
        return None
    before = (*filter(None, (outcome.plan,)), *outcome.candidates)
    changed: dict[str, Any] = {"alternatives": before, "nearest": None, "obstacle": None, "is_stopped": False}
    if len(left) > 1:
        return replace(outcome, verdict="undecided", plan=None, candidates=left, **changed)
    return replace(outcome, verdict=left[0].verdict, plan=left[0], candidates=(), **changed)


def plans_by_example(
    provided: TensorSpec, required: TensorSpec, policy: Policy, pair: tuple[Array, Array]
) -> tuple[Plan, ...]:
    """The plans within the policy that make the required array of the provided one, of those that assume least."""
    from sigcheck.planning.grow import grow

    for allowed in _allowing(policy, pair[1]):
        growth = grow(provided, required, allowed, most_goals=MOST_RUN)
        plans = sorted(map(growth.plan_to, growth.goals), key=lambda plan: (plan.cost, str(plan)))
        within = [plan for plan in plans if plan.steps and not exceeds(plan.cost, policy)][:MOST_RUN]
        made = [plan for plan in within if _makes(provided, plan, pair)]
        if made:
            return tuple(plan for plan in made if plan.cost.meaning == made[0].cost.meaning)
    return ()


def _plans_of_its_sizes(
    provided: TensorSpec, required: TensorSpec, policy: Policy, pair: tuple[Array, Array]
) -> tuple[Plan, ...]:
    """The plans that the sizes of the example lead to, of those that are plans where sizes are open, too."""
    given, made = (spec.replace_if_valid(shape=one.shape) for spec, one in zip((provided, required), pair, strict=True))
    if given is None or made is None or (given, made) == (provided, required):
        return ()
    if not is_subshape(pair[1].shape, required.shape):
        return ()
    plans = (_opened(plan, provided, required, policy) for plan in plans_by_example(given, made, policy, pair))
    # Of sizes that are open steps may have guards that known ones do not take.
    within = (plan for plan in plans if plan is not None and not exceeds(plan.cost, policy))
    return tuple(plan for plan in within if _makes(provided, plan, pair))


def _opened(plan: Plan, provided: TensorSpec, required: TensorSpec, policy: Policy) -> Plan | None:
    """The plan with each step made on the spec that it meets there; None where one of them is of the sizes alone."""
    from sigcheck.transforms import BY_NAME

    spec, steps = provided, []
    for step in plan.steps:
        transform = BY_NAME[step.transform]
        proposed = (one for one in transform.propose(spec, required) if one.arguments == step.arguments)
        opened: Callable[[TensorSpec, Step], Step | None] = getattr(transform, "opened", lambda *_: None)
        made = next(proposed, None) or opened(spec, step)
        if made is None:
            return None
        steps.append(made)
        spec = made.result
    return Plan(steps=tuple(steps)) if is_goal(spec, required, policy) else None


def _makes(spec: TensorSpec, plan: Plan, pair: tuple[Array, Array]) -> bool:
    try:
        return find_miss(make(spec, plan, pair[0]), pair[1], plan) is None
    except (GuardError, SkipError):
        return False


def _allowing(policy: Policy, required: Array) -> Iterator[Policy]:
    """Yields the policy with what an example decides, then with each filling that the required array may have."""
    from sigcheck.transforms import BY_NAME

    names = (name for name, one in BY_NAME.items() if getattr(one, "BY_EXAMPLE", False))
    allowed = policy.model_copy(update={"allow": tuple(dict.fromkeys((*policy.allow, *names)))})
    yield allowed
    if policy.pad_value is None:
        for value, side in _fillings(required):
            yield allowed.model_copy(update={"pad_value": value, "pad_side": side})


def _fillings(array: Array) -> Iterator[tuple[Filler, PaddingSide]]:
    """Yields the one value of the last, and of the first, entries of the last axis."""
    if array.ndim == 0 or not array.size or array.dtype.kind not in "biuf":
        return
    sides: tuple[tuple[Array, PaddingSide], ...] = ((array[..., -1], "post"), (array[..., 0], "pre"))
    for edge, side in sides:
        values = {NOT_A_NUMBER if isnan(one) else one for one in edge.reshape(-1).tolist()}
        if len(values) == 1:
            yield values.pop(), side
