"""Law 6: on small universes, looking at every chain finds nothing cheaper."""

from __future__ import annotations

from collections import Counter

from sigcheck.planning.goal import exceeds, is_goal, is_wanted, offered, widened
from sigcheck.planning.meaning import meaning_of
from sigcheck.planning.named_rows import with_row_names
from sigcheck.planning.search import search
from sigcheck.schema.cost import FREE
from tests.laws.chains import is_meant, told_in_chain
from tests.laws.law import hold
from tests.laws.random_specs import draw_pair, draw_policy

MOST_STEPS = 4
# Universes with more chains than this are left out.
MOST_CHAINS = 400
TOO_MANY = "too many chains"


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
            ((*steps, step), cost + told_in_chain((*steps, step), provided, required)[-1].cost)
            for step in proposed
            if is_wanted(step, policy) and meaning_of((*steps, step), provided) is not None
        ]
    if left:
        yield None, FREE


def cheapest_of(provided, required, policy):
    """The least that any chain within the policy pays; None where there is none."""
    every = list(chains(provided, required, policy))
    if every[-1][0] is None:
        return TOO_MANY
    return min(
        (
            cost
            for steps, cost in every
            if is_goal(steps[-1].result if steps else provided, required, policy)
            and is_meant(steps, provided, required)
            and not exceeds(cost, policy)
        ),
        default=None,
    )


def test_no_chain_at_all_is_cheaper():
    seen: Counter[str] = Counter()

    def law(random):
        provided, required = draw_pair(random)
        if len(provided.shape or ()) > 2 or len(required.shape or ()) > 2:
            return
        # What nobody names is called as the other side calls it before anything is searched.
        provided, required = with_row_names(provided, required), with_row_names(required, provided)
        policy = draw_policy(random)
        outcome = search(provided, required, policy)
        # Rivals are looked for under the policy without its choices too: forbidding one decides nothing.
        asked = (policy, *widened(policy)) if outcome.verdict == "undecided" else (policy,)
        cheapest = [cheapest_of(provided, required, one) for one in asked]
        if TOO_MANY in cheapest:
            return
        found = min((plan.cost for plan in (outcome.plan, *outcome.candidates) if plan is not None), default=None)
        seen["none" if cheapest[0] is None else "paths"] += 1
        told = f"{provided} {provided.facts} -> {required} {required.facts} under {policy}: {outcome.plan}"
        if found is not None and found.steps > MOST_STEPS:
            assert cheapest[0] is None or found < cheapest[0], told
        else:
            assert found in cheapest, told

    hold(law, usual=300, full=20_000)
    assert min(seen["paths"], seen["none"]) > 10
