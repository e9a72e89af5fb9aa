"""Grow the graph of specs that transforms reach from a provided spec, cheapest first.

It grows toward the goal only: each transform proposes steps that lead to the required spec.
Growth stops where nothing cheaper, and no rival, can be found any more, or at the limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count

from sigcheck.planning.astray import can_never_be, leads_astray
from sigcheck.planning.goal import exceeds, is_beaten, is_goal, offered, uses_statistics
from sigcheck.planning.growth import Growth, Node
from sigcheck.planning.held_rows import unguarded_where_held
from sigcheck.planning.idle_names import IdleNames
from sigcheck.planning.made_axes import told_as_made_up
from sigcheck.planning.meaning import Meaning, after, no_change
from sigcheck.planning.outlook import Outlook
from sigcheck.planning.postponed import OF_LAYOUT, Postponed, in_required_layout, keeping_kind, least_loss, parted
from sigcheck.planning.postponed import is_separable as can_postpone
from sigcheck.planning.proposals import Proposals
from sigcheck.planning.reordered import does_as_much, may_gain, other_orders
from sigcheck.schema.cost import FREE, Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME, REDUCING
from sigcheck.transforms.parts.coordinates import OF_VALUES
from sigcheck.transforms.parts.transform import Transform

# Steps looked at in one growth. The longest useful plans take some two hundred; the limit bounds
# the time, about a tenth of a millisecond for each, where sizes are unknown or alike.
MOST_TRIED = 1000

# Six steps convert any encoding into any other, and as many make, move and take away axes of one entry. A lower limit
# would be met by chains that only begin with steps of no use, and leave what a shorter chain does undecided.
MOST_STEPS = 12

# Conversions tried of layouts that only an alternative has: six steps convert any encoding into any other.
MOST_CONVERTED = 64

# So many plans that none beats are an ambiguity that no person would read to its end.
MOST_GOALS = 8


def grow(
    provided: TensorSpec,
    required: TensorSpec,
    policy: Policy,
    limit: int = MOST_TRIED,
    proposals: Proposals | None = None,
    *,
    postpones: bool = True,
    most_goals: int = MOST_GOALS,
) -> Growth:
    """Grows the graph from the provided spec within the policy.

    `proposals` toward the same required spec, from a growth under another policy, are not made again. Where it
    `postpones` nothing, what is nearest is seen too where nothing leads to the end.
    """
    proposals = Proposals(required) if proposals is None else proposals
    return _Grower(provided, policy, (limit, most_goals), proposals, postpones=postpones).grow()


class _Grower:
    """A growth under way: what is found so far, and what is looked at next."""

    def __init__(
        self, provided: TensorSpec, policy: Policy, limits: tuple[int, int], proposals: Proposals, *, postpones: bool
    ) -> None:
        self.provided, self.required = provided, proposals.required
        self.policy, self.proposals = policy, proposals
        self.limit, self.most_goals = limits
        source = Node(provided, no_change(provided))
        self.growth = Growth(source, {source: FREE}, is_met=_is_met(provided, self.required))
        self.nodes = {(source.spec, source.meaning): source}
        self.bars: list[Cost] = []
        self.done: set[Node] = set()
        self.same: list[Node] = []
        self.names = IdleNames(provided, self.required)
        # A mean of whole numbers is another one before they are cast, and what depends on all values is too.
        is_mixing = uses_statistics(policy) or any(one in REDUCING for one in policy.allow)
        is_separable = postpones and can_postpone(provided, self.required) and not is_mixing
        self.transforms = keeping_kind(offered(policy)) if is_separable else offered(policy)
        self.postponed = Postponed(proposals, self.transforms, policy) if is_separable else None
        self.outlook = Outlook(provided, self.required, policy, self._loss_of_values() if is_separable else FREE)
        # The serial number keeps equal costs in the order of discovery: nodes do not compare.
        self.serial = count(1)
        self.queue: list[tuple[Cost, int, Node]] = [(self.outlook.left(provided), 0, source)]

    def grow(self) -> Growth:
        """Looks at what costs least first, until nothing can be cheaper than what was found, or a rival of it."""
        growth = self.growth
        while self.queue and not (
            growth.is_stopped and (len(self.bars) == self.most_goals or growth.tried >= self.limit)
        ):
            expected, _, node = heappop(self.queue)
            if node not in self.done and not self._is_dear(expected):
                self.done.add(node)
                self._look_at(node)
        # Goals that were seen but are dearer are worth showing as alternatives.
        if self.postponed is not None:
            self._convert_dear()
        growth.goals += [
            node
            for node, cost in growth.costs.items()
            if node not in self.done and self._is_dear(cost) and self._is_goal(node)
        ]
        if self.postponed is not None:
            for goal in growth.goals:
                self._reorder(goal)
        for other in self.same:
            at = next(place for place, goal in enumerate(growth.goals) if goal.meaning == other.meaning)
            if self.postponed is not None:
                steps, own = (growth.steps_to(one) for one in (growth.goals[at], other))
                if does_as_much(self.provided, steps, own):
                    continue
                self._reorder(other)
            if growth.costs[other] < growth.costs[growth.goals[at]]:
                growth.goals[at] = other
        return growth

    def _look_at(self, node: Node) -> None:
        growth = self.growth
        cost = growth.costs[node]
        if self._is_goal(node):
            if any(goal.meaning == node.meaning for goal in growth.goals):
                # What axes of one entry are called makes no other values: no rival, but it may move less.
                self.same.append(node)
                return
            growth.goals.append(node)
            self.bars.append(cost)
            growth.is_stopped |= len(self.bars) == self.most_goals
            return
        # What costs less was looked at first, so that this one leads to nothing that is cheaper.
        if not self.names.is_new(node):
            return
        if cost.steps >= MOST_STEPS or self.growth.tried >= self.limit:
            growth.is_stopped = True
            return
        asked = None if self.postponed is None else self.postponed.transforms_for(node.spec)
        for reached in self._expand(node, self.transforms if asked is None else asked):
            heappush(self.queue, (growth.costs[reached] + self.outlook.left(reached.spec), next(self.serial), reached))

    def _convert_dear(self) -> None:
        """Converts the values where that was postponed and the layout is right, but dearer than that of the goals."""
        left = [
            node
            for node, cost in self.growth.costs.items()
            if node not in self.done
            and self._is_dear(cost + self.outlook.left(node.spec))
            and (differing := self.proposals.differing(node.spec))
            and differing.isdisjoint(OF_LAYOUT)
        ]
        if not left:
            return
        left = sorted(left, key=lambda node: self.growth.costs[node])[:MOST_GOALS]
        values = parted(self.transforms).values
        most = self.growth.tried + MOST_CONVERTED
        while left and self.growth.tried < most:
            node = left.pop()
            if self.growth.costs[node].steps < MOST_STEPS and self.proposals.differing(node.spec):
                left += self._expand(node, values)

    def _reorder(self, goal: Node) -> None:
        """Finds the order of the steps to a goal that moves the fewest bytes."""
        growth, source = self.growth, self.growth.source
        steps = growth.steps_to(goal)
        if not may_gain(source.spec, steps):
            return
        for move in other_orders((source.spec, source.meaning), steps, self.transforms, self.proposals, self.policy):
            self._reach(self.nodes[move.start], move.step, move.end)

    def _expand(self, node: Node, transforms: tuple[Transform, ...]) -> Iterator[Node]:
        """Adds what these transforms lead to; yields the nodes that are reached, or reached for less."""
        for proposed in self.proposals.of(node.spec, transforms, self.policy):
            step = unguarded_where_held(proposed, node.meaning, self.provided.shape)
            meaning = after(node.meaning, node.spec, step, self.provided.shape)
            if meaning is None or self._is_swapped(node, step, meaning):
                continue
            self.growth.tried += 1
            reached = self._reach(node, step, (step.result, meaning))
            if reached is not None:
                self.proposals.follow(node.spec, step)
                yield reached

    def _is_swapped(self, node: Node, step: Step, meaning: Meaning) -> bool:
        """Whether a step and the one before it, of one kind, lead to the same in the order that is looked at."""
        before = self.growth.came_from.get(node)
        last = None if before is None else self.growth.edges[before][node]
        if before is None or last is None or last.transform != step.transform:
            return False
        comes_after = getattr(BY_NAME[step.transform], "comes_after", None)
        if comes_after is None:
            return False
        return not comes_after(step, last) and any(
            comes_after(second, first)
            and second.result.shape == step.result.shape
            and self._meaning(self._meaning(before.meaning, before.spec, first), first.result, second) == meaning
            for first in self._again(before.spec, step)
            for second in self._again(first.result, step)
        )

    def _again(self, spec: TensorSpec, step: Step) -> list[Step]:
        return self.proposals.of(spec, (BY_NAME[step.transform],), self.policy)

    def _meaning(self, meaning: Meaning | None, spec: TensorSpec, step: Step) -> Meaning | None:
        return None if meaning is None else after(meaning, spec, step, self.provided.shape)

    def _reach(self, node: Node, step: Step, end: tuple[TensorSpec, Meaning]) -> Node | None:
        """Adds a step, the cheapest where several do the same; the node that it reaches, if for less than before."""
        growth = self.growth
        step = told_as_made_up(step, node.meaning, node.spec, self.provided, self.required)
        reached = self.nodes.get(end)
        if reached is None:
            reached = self.nodes[end] = Node(*end)
        steps = growth.edges.setdefault(node, {})
        if reached not in steps or step.cost < steps[reached].cost:
            steps[reached] = step
        growth.is_met = growth.is_met or _is_met(step.result, self.required)
        paid = growth.costs[node] + step.cost
        if reached in growth.costs and growth.costs[reached] <= paid:
            return None
        growth.costs[reached] = paid
        growth.came_from[reached] = node
        return reached

    def _is_dear(self, cost: Cost) -> bool:
        return exceeds(cost, self.policy) or any(is_beaten(cost, bar) for bar in self.bars)

    def _is_goal(self, node: Node) -> bool:
        spec, provided = node.spec, self.provided
        if not is_goal(spec, self.required, self.policy) or can_never_be(node.meaning, provided.shape, spec.shape):
            return False
        return not leads_astray(node.meaning, self.growth.steps_to(node), provided, self.required)

    def _loss_of_values(self) -> Cost:
        """What the conversion of the values loses where the layout is right."""
        differing = self.proposals.differing(self.provided)
        if differing.isdisjoint(OF_LAYOUT) or differing.isdisjoint(OF_VALUES - {"dtype"}):
            return FREE
        settled = in_required_layout(self.provided, self.required)
        if settled is None:
            return FREE
        converted = grow(settled, self.required, self.policy, self.limit, self.proposals)
        return least_loss([converted.costs[node] for node in converted.goals])


def _is_met(spec: TensorSpec, required: TensorSpec) -> bool:
    return (spec.kind, spec.dtype) == (required.kind, required.dtype)
