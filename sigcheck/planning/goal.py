"""Goal: when a spec may be fed to the required one, and what a policy lets a plan pay."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from sigcheck.schema.agreement import conflicts
from sigcheck.schema.cost import LOSSES, Cost, Loss
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Filler, PaddingSide
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec

if TYPE_CHECKING:
    from sigcheck.transforms.parts.padding import FillingTransform
    from sigcheck.transforms.parts.transform import Transform

# Each part of so many transforms that are denied is tried: four have sixteen.
MOST_DENIED = 4

# The transform whose permission means that it is wanted.
_STATISTICS = "batch_min_max"


def is_goal(spec: TensorSpec, required: TensorSpec, policy: Policy) -> bool:
    """Whether the spec is a subtype of the required one and no known fact disagrees."""
    return (
        spec.is_subtype_of(required) and not conflicts(spec, required) and not _wants_statistics(spec, required, policy)
    )


def _wants_statistics(spec: TensorSpec, required: TensorSpec, policy: Policy) -> bool:
    """Allowing statistics of the batch by name means using them where the range is unknown.

    Not where they could not be used to the end: a policy that allows more must not block more.
    """
    if not uses_statistics(policy) or policy.loss == "exact":
        return False
    if required.dtype is None or DTYPES[required.dtype].kind != "float":
        return False
    from sigcheck.transforms import batch_min_max, cast

    step = next(batch_min_max.propose(spec, required), None)
    # Narrow floats are computed in wider ones, and brought back.
    return step is not None and (step.result.dtype == required.dtype or cast.NAME not in policy.deny)


def uses_statistics(policy: Policy) -> bool:
    """Whether the policy lets a plan look at all values of a batch to convert one."""
    return _STATISTICS in policy.allow and _STATISTICS not in policy.deny


def offered(policy: Policy) -> tuple[Transform, ...]:
    """The transforms that the policy lets a plan use; the same objects for the same words of it."""
    return _offered(policy.deny, policy.allow, policy.pad_value, policy.pad_side)


# Typed: 1, 1.0 and True fill differently, and are equal.
@lru_cache(maxsize=64, typed=True)
def _offered(
    deny: tuple[str, ...], allow: tuple[str, ...], pad_value: Filler | None, pad_side: PaddingSide | None
) -> tuple[Transform, ...]:
    from sigcheck.transforms import BY_NAME

    permitted = (
        transform
        for name, transform in BY_NAME.items()
        if name not in deny and (name in allow or not is_held_back(transform))
    )
    if pad_value is None and pad_side is None:
        return tuple(permitted)
    from sigcheck.transforms.parts.padding import Filling, Preferring

    filling, fillers = Filling(pad_value, pad_side or "post"), _fillers()
    return tuple(Preferring(one.NAME, fillers[one.NAME], filling) if one.NAME in fillers else one for one in permitted)


def is_held_back(transform: Transform) -> bool:
    """Whether no plan has it unless somebody names it, or shows an example of it."""
    return getattr(transform, "BY_PERMISSION", False) or getattr(transform, "BY_EXAMPLE", False)


@cache
def _fillers() -> dict[str, FillingTransform]:
    """The transforms that fill rows up, found once: to ask a module whether it has all of a protocol takes long."""
    from sigcheck.transforms import BY_NAME
    from sigcheck.transforms.parts.padding import FillingTransform

    return {name: one for name, one in BY_NAME.items() if isinstance(one, FillingTransform)}


def is_wanted(step: Step, policy: Policy) -> bool:
    """Whether a step makes sense under the policy: no guard in place of a loss that is allowed."""
    return step.instead_of is None or LOSSES.index(step.instead_of) > LOSSES.index(policy.loss)


def exceeds(cost: Cost, policy: Policy) -> bool:
    """Whether a cost is beyond the loss that the policy allows, or guards where it allows none."""
    if cost.guards and not policy.guard:
        return True
    if not (cost.irreversible or cost.truncating or cost.rounding):
        return False
    loss: Loss = "irreversible" if cost.irreversible else "truncating" if cost.truncating else "rounding"
    return LOSSES.index(loss) > LOSSES.index(policy.loss)


def is_accepted(plan: Plan, policy: Policy) -> bool:
    """Whether the plan may pass: values that nobody gave or declared are made up by permission only."""
    return all(is_permitted(step, policy) for step in plan.steps)


def is_permitted(step: Step, policy: Policy) -> bool:
    """Whether the step makes nothing up, or the policy says what it fills rows with, or lets it make up anything."""
    is_filling = "value" in step.arguments and policy.pad_value is not None
    return not step.is_inventing or is_filling or policy.assume == "warn"


def widened(policy: Policy) -> tuple[Policy, ...]:
    """The other policies that ambiguity is judged under: rounding and guards allowed, and less denied.

    So a stricter policy never passes what is undecided under a looser one. All are asked: what
    is denied may have settled what is ambiguous without it.
    """
    if not policy.deny and policy.guard and policy.loss != "exact":
        # Nothing is forbidden that another policy would allow.
        return ()
    loss = policy.loss if LOSSES.index(policy.loss) > LOSSES.index("rounding") else "rounding"
    guarded = policy.model_copy(update={"loss": loss, "guard": True})
    wider = (guarded.model_copy(update={"deny": denied}) for denied in _less_of(policy.deny))
    return tuple(dict.fromkeys(one for one in wider if one != policy))


def _less_of(denied: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yields what is denied, and each part of it; of many only all but one, and nothing."""
    for count in range(len(denied), -1, -1):
        if len(denied) <= MOST_DENIED or count in {0, len(denied) - 1, len(denied)}:
            yield from combinations(denied, count)


def is_beaten(cost: Cost, by: Cost) -> bool:
    """Whether a plan of the one cost is no rival of a plan of the other.

    It is beaten where it loses more, or where it loses no less, makes up no less, assumes no less
    and guards no less, and one of them more. Where the one assumes and the other guards, or the one
    rounds and the other assumes, neither is: what is meant has to be declared.
    """
    if (cost.irreversible, cost.truncating) != (by.irreversible, by.truncating):
        return (cost.irreversible, cost.truncating) > (by.irreversible, by.truncating)
    ours, theirs = cost.meaning[2:], by.meaning[2:]
    return ours != theirs and all(a >= b for a, b in zip(ours, theirs, strict=True))


def is_made_to_fit(cost: Cost, best: Cost) -> bool:
    """Whether a plan makes values up behind a guard, where what is given explains all that is required.

    Such a plan is no rival of the best one, whatever that assumes: it fills an axis of unknown size up to a size
    that another axis has.
    """
    is_explained = not best.inventions and not best.guards and best.rounding <= cost.rounding
    is_lossless = (best.irreversible, best.truncating) <= (cost.irreversible, cost.truncating)
    return cost.inventions > 0 and cost.guards > 0 and is_explained and is_lossless
