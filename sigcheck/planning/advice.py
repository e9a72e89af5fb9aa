"""Advice: what somebody could declare or allow so that a pair gets on.

Nothing is advised that was not tried: the pair is planned again as if the advice had been followed, and what does
not make its verdict better is not said.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from pydantic import ValidationError

from sigcheck.planning.effort import OF_SEARCH, may_explain, spend
from sigcheck.planning.opening import granted, loosest, opening
from sigcheck.planning.search import Outcome, search
from sigcheck.planning.ways import Way, ways
from sigcheck.schema.cost import LOSSES
from sigcheck.schema.facts import FACT_NAMES, Facts
from sigcheck.schema.obstacle import Opening
from sigcheck.schema.plan import VERDICTS, Plan, Verdict
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec

# Steps looked at for each way, with everything allowed: a report waits for it.
_MOST_TRIED = 120
# Of these transforms each cuts what there is, or makes less of it.
_CUTTING = frozenset({"crop", "resize", "truncate"})
# Pairs that were planned once are asked for again by several rules.
_REMEMBERED = 512


class Led(NamedTuple):
    """A way that leads on, and what the pair is then."""

    way: Way
    outcome: Outcome


def is_better(verdict: Verdict, than: Verdict) -> bool:
    """Whether a verdict is nearer to a pass than another, or passes where the other does not."""
    passing = VERDICTS.index("guarded")
    return max(VERDICTS.index(verdict), passing) < max(VERDICTS.index(than), passing)


def is_helped(outcome: Outcome, than: Verdict) -> bool:
    """Whether an outcome is better than a verdict, and passes, or would with one declaration.

    A limit that is met shows no candidate, and copies that nobody asked for are one that no declaration accepts.
    """
    if not is_better(outcome.verdict, than):
        return False
    if outcome.plan is not None:
        return not is_replacing(outcome.plan)
    return any(
        all("value" in step.arguments for step in plan.steps if step.is_inventing) and not is_replacing(plan)
        for plan in outcome.candidates
    )


def is_replacing(plan: Plan) -> bool:
    """Whether values are lost, and what is left is copied or filled up to as many as are required.

    Nobody means that; but for rows, of which some are too long and others too short.
    """
    from sigcheck.transforms import REDUCING, pad

    made_up = [step for step in plan.steps if step.is_inventing or ("value" in step.arguments and step.assumption)]
    is_copied = any("value" not in step.arguments for step in made_up)
    is_lost = any(LOSSES.index(step.loss) >= LOSSES.index("truncating") for step in plan.steps)
    # Of six people with 56 numbers each nobody makes seventeen with three, nor of colours features in a small picture.
    is_cut = any(step.transform in _CUTTING and step.loss == "truncating" and step.guard is None for step in plan.steps)
    is_filled = any(step.transform == pad.NAME and step.is_inventing for step in plan.steps)
    is_reduced = any(step.transform in REDUCING for step in plan.steps)
    return bool(made_up and is_reduced) or (is_copied and is_lost) or (is_filled and is_cut)


def is_cut_in_vain(plan: Plan, provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether entries are cut off though as many numbers are required as there are: they lie otherwise.

    >>> from sigcheck.schema.notation import parse_spec
    >>> from sigcheck.schema.plan import Step
    >>> cut = Plan(steps=(Step(transform="truncate", result=parse_spec("int32[?, 4]"), loss="truncating"),))
    >>> [is_cut_in_vain(cut, parse_spec("int32[?, 12]"), parse_spec(text)) for text in ("int32[3, 4]", "int32[?, 4]")]
    [True, False]
    """
    is_cut = any(step.transform in _CUTTING and step.loss == "truncating" and step.guard is None for step in plan.steps)
    counts = [prod(size for size in spec.shape or () if size is not None) for spec in (provided, required)]
    return is_cut and counts[0] == counts[1]


def find_ways(provided: TensorSpec, required: TensorSpec, policy: Policy, verdict: Verdict) -> tuple[Led, ...]:
    """The facts that lead on where they are declared together, those that settle most first.

    Of two that settle as much, that which says more of the values.
    """
    found: list[Led] = []
    for way in dict.fromkeys(ways(provided, required)) if may_explain() else ():
        sides = declared(way, provided, required)
        outcome = None if sides is None else planned(*sides, policy)
        if outcome is not None and is_helped(outcome, verdict):
            found.append(Led(way, outcome))
    return tuple(sorted(found, key=_settling))


def find_together(provided: TensorSpec, required: TensorSpec, policy: Policy, verdict: Verdict) -> tuple[Opening, ...]:
    """The facts that lead on where they are declared and the policy allows what it does not, with what that is."""
    found: list[tuple[tuple[int, ...], int, Opening]] = []
    for way in dict.fromkeys(ways(provided, required)) if may_explain() else ():
        sides = declared(way, provided, required)
        if sides is None or (plan := _nearest(*sides, policy)) is None or _is_copying(plan):
            continue
        lacking, allowed = opening(plan.steps, policy), granted(plan.steps, policy)
        is_alone = is_helped(planned(provided, required, allowed), verdict)
        if lacking and not is_alone and is_helped(planned(*sides, allowed), verdict):
            found.append((plan.cost.meaning, len(way), Opening(declare=way, allow=lacking)))
    return tuple(one for *_, one in sorted(found, key=lambda one: one[:2]))


def _is_copying(plan: Plan) -> bool:
    """Whether values are copied, or examples joined: no declaration that says something else calls for that."""
    return any(step.is_inventing and "value" not in step.arguments for step in plan.steps)


def _nearest(provided: TensorSpec, required: TensorSpec, policy: Policy) -> Plan | None:
    """The cheapest plan with everything allowed, as far as some steps show it."""
    from sigcheck.planning.grow import grow

    growth = grow(provided, required, loosest(policy), _MOST_TRIED)
    spend(OF_SEARCH + sum(map(len, growth.edges.values())))
    return min(map(growth.plan_to, growth.goals), key=lambda plan: (plan.cost, str(plan)), default=None)


def _settling(led: Led) -> int:
    return max(VERDICTS.index(led.outcome.verdict), VERDICTS.index("guarded"))


def planned(provided: TensorSpec, required: TensorSpec, policy: Policy) -> Outcome:
    """What a pair is, without why."""
    # An answer for want of effort is that of this call, and not to be remembered for another; what was observed is
    # equal to what is declared, and planned otherwise.
    is_observed = "observed" in provided.facts.origins.values()
    return (_planned if may_explain() and not is_observed else search)(provided, required, policy)


@lru_cache(maxsize=_REMEMBERED)
def _planned(provided: TensorSpec, required: TensorSpec, policy: Policy) -> Outcome:
    return search(provided, required, policy)


def declared(way: Way, provided: TensorSpec, required: TensorSpec) -> tuple[TensorSpec, TensorSpec] | None:
    """Both specs with these facts; None where a value is none of the fact, or cannot be one of the spec."""
    sides = {"producer": provided, "consumer": required}
    try:
        for one in way:
            sides[one.side] = with_fact(sides[one.side], one.fact, one.read())
    except (ValidationError, ValueError):
        return None
    return sides["producer"], sides["consumer"]


def with_fact(spec: TensorSpec, fact: str, value: Any) -> TensorSpec:
    """The spec with a fact as it is written. Raises ValueError where it is none, or cannot be one of the spec."""
    if fact not in FACT_NAMES:
        raise ValueError(f"no fact {fact!r}")
    stated = getattr(Facts.model_validate({fact: value}), fact)
    return spec.replace(facts=spec.facts.replace(**{fact: stated}))
