"""Observed: plans that rest on ends which data showed and nobody declared assert them before anything else.

Observed is not proved. A plan rests on a range where without it another would be found, or less compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sigcheck.planning.goal import exceeds
from sigcheck.schema.agreement import undeclared
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.guard_range import NAME, can_guard, guarding

if TYPE_CHECKING:
    from sigcheck.planning.search import Outcome


def is_to_guard(provided: TensorSpec, policy: Policy) -> bool:
    """Whether the range of an output was observed, and the policy does not trust that."""
    is_observed = provided.facts.range is not None and provided.facts.origins.get("range") == "observed"
    return is_observed and "observed" not in policy.trust


def search_guarded(
    provided: TensorSpec, required: TensorSpec, policy: Policy, search: Callable[[TensorSpec], Outcome]
) -> Outcome:
    """What `search` finds for an output whose range was observed, behind a guard of it where it rests on that range."""
    facts = provided.facts
    bare = provided.replace(facts=facts.replace(range=None, origins={}))
    known = provided.replace(facts=facts.replace(origins={}))
    without = search(bare)
    if not can_guard(provided):
        # Nothing can hold it to be true, so that nothing may rest on it.
        return without
    outcome = search(known)
    if outcome.plan is None:
        return outcome
    guarded = behind_guard(outcome, provided, policy)
    is_compared = undeclared(bare, required) != undeclared(known, required)
    if is_compared or without.plan is None or (guarded.plan is not None and guarded.plan.cost < without.plan.cost):
        return guarded
    return without


def behind_guard(outcome: Outcome, provided: TensorSpec, policy: Policy) -> Outcome:
    """The outcome with each of its plans behind a guard of the observed range, where the policy wants one."""
    if outcome.plan is None or not is_to_guard(provided, policy) or not can_guard(provided):
        return outcome
    plan, *alternatives = (_guarded(plan, provided) for plan in (outcome.plan, *outcome.alternatives))
    if exceeds(plan.cost, policy) or NAME in policy.deny:
        return replace(outcome, verdict="blocked", plan=None, alternatives=(), nearest=plan)
    return replace(outcome, verdict=plan.verdict, plan=plan, alternatives=tuple(alternatives))


def _guarded(plan: Plan, provided: TensorSpec) -> Plan:
    ends = provided.facts.range
    return plan if ends is None else Plan(steps=(guarding(provided, ends, is_observed=True), *plan.steps))
