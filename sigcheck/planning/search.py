"""Search: the cheapest path from a provided spec to a subtype of a required one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from sigcheck.planning import effort
from sigcheck.planning.goal import (
    exceeds,
    is_accepted,
    is_beaten,
    is_goal,
    is_held_back,
    is_made_to_fit,
    offered,
    widened,
)
from sigcheck.planning.named_rows import with_row_names
from sigcheck.planning.reach import is_out_of_reach
from sigcheck.schema.collection import without_collection
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.plan import Plan, Verdict
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import networkx as nx

    from sigcheck.planning.growth import Growth, Node
    from sigcheck.planning.proposals import Proposals
    from sigcheck.schema.obstacle import Obstacle
    from sigcheck.schema.plan import Step

    # What says how near a pair without a plan comes, and what would open a path.
    Explain = Callable[[TensorSpec, Policy, Proposals, Verdict], tuple[Plan, Obstacle]]

# Dearer plans that a report shows beside the chosen one.
MOST_ALTERNATIVES = 4


@dataclass(frozen=True)
class Outcome:
    """What a search found.

    `plan` is None where the verdict is blocked or undecided; `candidates` are then the plans
    that tie, or the one that makes values up which nobody declared, or `nearest` the one that came
    nearest, and `obstacle` why it is none. `is_stopped` says that a limit ended the growth: a plan,
    or a rival of the one that was found, may have been missed, and the pair is undecided.
    """

    verdict: Verdict
    plan: Plan | None = None
    candidates: tuple[Plan, ...] = ()
    alternatives: tuple[Plan, ...] = ()
    nearest: Plan | None = None
    obstacle: Obstacle | None = None
    is_stopped: bool = False
    growth: Growth | None = field(default=None, repr=False)

    @property
    def graph(self) -> nx.DiGraph[Node] | None:
        """The graph that was searched, with its `step` and its `cost` on each edge; None where nothing was."""
        return None if self.growth is None else self.growth.graph

    @property
    def edges(self) -> Mapping[Node, Mapping[Node, Step]]:
        """The same without networkx, which takes longer to load than a picture to draw: for each node that was searched
        from, the steps that lead on, the source first; empty where nothing was.
        """
        return {} if self.growth is None else self.growth.edges

    def between(self, provided: str, provided_spec: TensorSpec, required: str, required_spec: TensorSpec) -> Binding:
        """What was found, of an output and an input by their names."""
        return Binding(
            provided=provided,
            required=required,
            verdict=self.verdict,
            provided_spec=provided_spec,
            required_spec=required_spec,
            plan=self.plan,
            candidates=self.candidates,
            alternatives=self.alternatives,
            nearest=self.nearest,
            obstacle=self.obstacle,
            is_cut_short=self.is_stopped,
        )


def search(
    provided: TensorSpec, required: TensorSpec, policy: Policy = DEFAULT_POLICY, explain: Explain | None = None
) -> Outcome:
    """Finds the cheapest plan that the policy allows; where there is none, `explain` says why not.

    Where nothing has to be done, nothing is searched and no transform is loaded.
    """
    if provided.dtype is None or required.dtype is None:
        return Outcome("undecided")
    if "observed" in provided.facts.origins.values():
        from sigcheck.planning.observed import is_to_guard, search_guarded

        if is_to_guard(provided, policy):
            return search_guarded(provided, required, policy, lambda one: search(one, required, policy, explain))
    provided, required = _without_origins(provided), _without_origins(required)
    provided, required = with_row_names(provided, required), with_row_names(required, provided)
    if is_goal(provided, required, policy):
        return Outcome("fits", Plan())
    if not effort.may_search():
        is_stopped = not is_out_of_reach(provided, required)
        return Outcome("undecided" if is_stopped else "blocked", is_stopped=is_stopped)

    with without_collection():
        return _searched(provided, required, policy, explain)


def _searched(provided: TensorSpec, required: TensorSpec, policy: Policy, explain: Explain | None) -> Outcome:
    from sigcheck.planning.proposals import Proposals

    proposals = Proposals(required)
    outcome = _grown(provided, policy, proposals, explain)
    if outcome.plan is None:
        return outcome
    # Forbidding one of two rivals does not say that the other is meant. What makes values up is a rival of none:
    # forbidding it says that it is not wanted.
    for wider in widened(policy):
        open_outcome = _grown(provided, wider, proposals, None)
        if open_outcome.verdict == "undecided" and not _is_forbidden(open_outcome, policy):
            return replace(open_outcome, growth=outcome.growth)
    return outcome


def _is_forbidden(outcome: Outcome, policy: Policy) -> bool:
    """Whether the one candidate takes a step that the policy denies."""
    if outcome.is_stopped or len(outcome.candidates) != 1:
        return False
    return any(step.transform in policy.deny for step in outcome.candidates[0].steps)


def _grown(provided: TensorSpec, policy: Policy, proposals: Proposals, explain: Explain | None) -> Outcome:
    from sigcheck.planning.grow import grow

    growth = grow(provided, proposals.required, policy, proposals=proposals)
    effort.spend(effort.OF_SEARCH + sum(map(len, growth.edges.values())))
    plans = _in_order(list(map(growth.plan_to, growth.goals)))
    allowed = [plan for plan in plans if not exceeds(plan.cost, policy)]
    if not allowed:
        is_limited = growth.is_stopped or _is_left_out(growth, proposals.required, policy)
        is_stopped = is_limited and not is_out_of_reach(provided, proposals.required)
        verdict: Verdict = "undecided" if is_stopped else "blocked"
        is_told = explain is not None and effort.may_explain()
        nearest, obstacle = explain(provided, policy, proposals, verdict) if explain and is_told else (None, None)
        return Outcome(
            verdict,
            nearest=nearest,
            obstacle=obstacle,
            is_stopped=is_stopped,
            growth=growth,
        )
    best, *others = allowed
    bars = [plan.cost for plan in allowed]
    rivals = [
        plan
        for plan in others
        if not any(is_beaten(plan.cost, bar) for bar in bars)
        and not is_made_to_fit(plan.cost, best.cost)
        and not _are_equal(provided, best, plan)
    ]
    if rivals and policy.allow and (meant := _by_name((best, *rivals), policy)) is not None:
        best, rivals = meant, []
    outcome = Outcome(
        best.verdict,
        best,
        alternatives=_shown(best, [plan for plan in plans if plan is not best]),
        is_stopped=growth.is_stopped,
        growth=growth,
    )
    if not rivals and not growth.is_stopped and is_accepted(best, policy):
        return outcome
    return replace(
        outcome,
        verdict="undecided",
        plan=None,
        candidates=(best, *rivals),
        alternatives=tuple(plan for plan in outcome.alternatives if plan not in rivals),
    )


def _by_name(tied: Sequence[Plan], policy: Policy) -> Plan | None:
    """The one of plans that tie which takes what the policy allows by name: so somebody says that it is meant.

    Whatever needs permission to be used at all is not wanted for that.
    """
    named = {one.NAME for one in offered(policy) if one.NAME in policy.allow and not is_held_back(one)}
    meant = [plan for plan in tied if any(step.transform in named for step in plan.steps)]
    return meant[0] if len(meant) == 1 else None


def _in_order(plans: list[Plan]) -> list[Plan]:
    """The plans by their costs, and of equal ones by what they say, which takes long to write."""
    if len({plan.cost for plan in plans}) == len(plans):
        return sorted(plans, key=lambda plan: plan.cost)
    return sorted(plans, key=lambda plan: (plan.cost, str(plan)))


def _is_left_out(growth: Growth, required: TensorSpec, policy: Policy) -> bool:
    """Whether a transform was kept by a limit of its own from steps that might have led to a plan.

    Asked only where there is no plan: what is left out stands behind what is proposed, as less likely.
    """
    from sigcheck.planning.goal import offered

    limited = [one.leaves_out for one in offered(policy) if hasattr(one, "leaves_out")]
    return any(
        leaves_out(node.spec, required)
        for node, cost in growth.costs.items()
        if not exceeds(cost, policy)
        for leaves_out in limited
    )


def _are_equal(provided: TensorSpec, first: Plan, second: Plan) -> bool:
    """Whether two plans give the same values: both mean the same, or numbers show it."""
    from sigcheck.planning.meaning import mean_the_same, meaning_of
    from sigcheck.planning.rivals import give_equal_values

    one, other = (meaning_of(plan.steps, provided) for plan in (first, second))
    if one is not None and other is not None and mean_the_same(one, other):
        return True
    effort.spend(effort.OF_COMPARISON)
    return give_equal_values(provided, first, second)


def _without_origins(spec: TensorSpec) -> TensorSpec:
    """Where a fact comes from decides nothing in a search."""
    if not spec.facts.origins:
        return spec
    return spec.replace(facts=spec.facts.replace(origins={}) if spec.facts.known() else NO_FACTS)


def _shown(best: Plan, plans: list[Plan]) -> tuple[Plan, ...]:
    """The alternatives worth a look: other values, and not the best plan by another order."""
    dearer = [plan for plan in plans if plan.cost.meaning != best.cost.meaning]
    if not dearer:
        return ()
    steps = sorted(map(str, best.steps))
    return tuple(islice((plan for plan in dearer if sorted(map(str, plan.steps)) != steps), MOST_ALTERNATIVES))
