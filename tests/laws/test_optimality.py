"""Law 6: on small universes, looking at every chain finds nothing cheaper."""

from __future__ import annotations

from collections import Counter

from sigcheck.planning.goal import exceeds, is_goal, is_wanted, offered
from sigcheck.planning.meaning import is_meant, meaning_of
from sigcheck.planning.search import search
from sigcheck.schema.cost import FREE
from tests.laws.law import hold
from tests.laws.random_specs import draw_pair, draw_policy

MOST_STEPS = 4
# Universes with more chains than this are left out.
MOST_CHAINS = 400


def chains(provided, required, policy):
    """Every chain of proposed steps, as (steps, cost); stops when there are too many."""
    left, count = [((), FREE)], 0
    while left and count < MOST_CHAINS:
        steps, cost = left.pop()
        count += 1
        yield steps, cost
        spec = steps[-1].result if steps else provided
        if len(steps) == MOST_STEPS or is_goal(spec, required, policy):
            continue
        proposed = [step for transform in offered(policy) for step in transform.propose(spec, required)]
        left += [
            ((*steps, step), cost + step.cost)
            for step in proposed
            if is_wanted(step, policy) and meaning_of((*steps, step), provided) is not None
        ]
    if left:
        yield None, FREE


def test_no_chain_at_all_is_cheaper():
    seen: Counter[str] = Counter()

    def law(random):
        provided, required = draw_pair(random)
        if len(provided.shape or ()) > 2 or len(required.shape or ()) > 2:
            return
        policy = draw_policy(random)
        every = list(chains(provided, required, policy))
        if every[-1][0] is None:
            return
        ends = [
            cost
            for steps, cost in every
            if is_goal(steps[-1].result if steps else provided, required, policy)
            and is_meant(steps, provided, required)
            and not exceeds(cost, policy)
        ]
        outcome = search(provided, required, policy)
        found = [plan.cost for plan in (outcome.plan, *outcome.candidates) if plan is not None]
        is_longer = bool(found) and min(found).steps > MOST_STEPS
        seen["paths" if ends else "none"] += 1
        told = f"{provided} {provided.facts} -> {required} {required.facts} under {policy}: {outcome.plan}"
        if is_longer:
            assert not ends or min(found) < min(ends), told
        else:
            assert min(ends, default=None) == min(found, default=None), told

    hold(law, usual=300, full=20_000)
    assert min(seen["paths"], seen["none"]) > 10
