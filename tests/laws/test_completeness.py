"""Law 5: where a chain of steps leads to the required spec within the policy, a plan is found that costs no more."""

from __future__ import annotations

from collections import Counter

from sigcheck.planning.goal import exceeds, is_goal, is_wanted, offered
from sigcheck.planning.named_rows import with_row_names
from sigcheck.planning.search import search
from sigcheck.schema.cost import FREE
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from tests.laws.chains import is_meant, told_in_chain
from tests.laws.law import hold
from tests.laws.random_specs import draw_chain, draw_pair, draw_policy, draw_spec, merge_some

# Of the chains, so many may be too far off for a search that is bounded; it must then say so.
MOST_STOPPED = 0.01


def told_toward(chain, provided, required, policy):
    """The chain as transforms propose it on the way to this spec, and not to another one; None where they do not.

    What the required spec says decides what a step makes up.
    """
    spec, steps = provided, []
    for step in chain.steps:
        proposed = [one for transform in offered(policy) for one in transform.propose(spec, required)]
        same = [
            one for one in proposed if str(one) == str(step) and one.result == step.result and is_wanted(one, policy)
        ]
        if not same:
            return None
        steps.append(min(same, key=lambda one: one.cost))
        spec = step.result
    return Plan(steps=told_in_chain(tuple(steps), provided, required))


def test_no_chain_is_cheaper_than_the_plan():
    seen: Counter[str] = Counter()

    def law(random):
        provided, aim = draw_pair(random)
        policy = draw_policy(random).model_copy(update={"allow": ()})
        chain = draw_chain(random, provided, aim, policy)
        if not chain.steps or exceeds(chain.cost, policy):
            return
        required = aim if is_goal(chain.steps[-1].result, aim, policy) else chain.steps[-1].result
        if (with_row_names(provided, required), with_row_names(required, provided)) != (provided, required):
            # What nobody names is called as the other side calls it before anything is searched: another pair.
            return
        chain = told_toward(chain, provided, required, policy)
        if chain is None or not is_meant(chain.steps, provided, required):
            return
        seen["chains"] += 1
        outcome = search(provided, required, policy)
        found = [plan for plan in (outcome.plan, *outcome.candidates) if plan is not None]
        if not found and outcome.is_stopped:
            seen["stopped"] += 1
            assert outcome.verdict == "undecided"
            return
        told = f"{provided} {provided.facts} -> {required} {required.facts}: {chain} {chain.cost}; found {found[:1]}"
        assert found, told
        assert found[0].cost <= chain.cost, told

    hold(law, usual=300, full=40_000)
    assert seen["chains"] > 50
    assert seen["stopped"] <= max(1, MOST_STOPPED * seen["chains"])


def test_a_shape_edited_without_loss_is_reached():
    """The proposals themselves: what adds, removes and merges axes and widens types is found again."""
    widest = {"float16": "float32", "float32": "float64", "uint8": "int32", "int32": "int64", "bool": "uint8"}

    def law(random):
        provided = draw_spec(random)
        if provided.kind != "dense" or not provided.shape or None in provided.shape[1:] or 0 in provided.shape:
            return
        shape = (
            (provided.shape[0], *merge_some(random, provided.shape[1:])) if random.random() < 0.5 else provided.shape
        )
        for _ in range(random.randint(0, 2)):
            at = random.randint(0, len(shape))
            shape = (*shape[:at], 1, *shape[at:])
        dtype = widest.get(provided.dtype, provided.dtype) if random.random() < 0.5 else provided.dtype
        plain = provided.replace(facts=provided.facts.replace(**dict.fromkeys(provided.facts.known())))
        required = plain.replace(shape=shape, dtype=dtype)
        outcome = search(plain, required, Policy(loss="exact", guard=False))
        plans = [plan for plan in (outcome.plan, *outcome.candidates) if plan is not None]
        assert plans, f"{plain} -> {required}"
        assert plans[0].cost.meaning == FREE.meaning, f"{plain} -> {required}: {plans[0]}"

    hold(law, usual=200, full=20_000)
