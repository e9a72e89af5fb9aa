"""Growth: the graph of specs that transforms reach from a provided spec, cheapest first.

It grows toward the goal only: each transform proposes steps that lead to the required spec.
Growth stops where nothing cheaper, and no rival, can be found any more, or at the limits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from sigcheck.planning.goal import exceeds, is_beaten, is_goal, is_wanted, offered
from sigcheck.planning.meaning import Meaning, after, displaces_batch, no_change
from sigcheck.planning.outlook import least_left
from sigcheck.schema.cost import FREE, Cost
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import Shape, TensorSpec

if TYPE_CHECKING:
    import networkx as nx

# Steps looked at in one growth. The longest useful plans take some two hundred; the limit bounds
# the time, about a tenth of a millisecond for each, where sizes are unknown or alike.
MOST_TRIED = 500

# The same, as long as the required kind and dtype were not met once. What makes them, a cast
# above all, takes a step or two from anywhere: no shape is then worth more of a search.
MOST_TRIED_IN_VAIN = 150

# A chain of more steps than this is no adapter that anyone would commit.
MOST_STEPS = 8

# So many plans that none beats are an ambiguity that no person would read to its end.
MOST_GOALS = 8


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A spec, and how the values came to it: two ways to one spec may mean different things.

    A growth has one node for each pair of the two, so that nodes are told apart by identity:
    specs are costly to hash and to compare.
    """

    spec: TensorSpec
    meaning: Meaning


@dataclass
class Growth:
    """The graph, its source, the goals in the order of their cost, and whether a limit stopped it.

    `is_met` says that the required kind and dtype were met. `costs` has for each node what its
    cheapest path pays, and `came_from` the node before it there.
    """

    graph: nx.DiGraph[Node]
    source: Node
    costs: dict[Node, Cost]
    came_from: dict[Node, Node] = field(default_factory=dict)
    goals: list[Node] = field(default_factory=list)
    is_met: bool = False
    is_stopped: bool = False

    def plan_to(self, node: Node) -> Plan:
        """The cheapest path from the source to the node."""
        steps: list[Step] = []
        while node is not self.source:
            before = self.came_from[node]
            steps.append(self.graph.edges[before, node]["step"])
            node = before
        return Plan(steps=tuple(reversed(steps)))


def grow(provided: TensorSpec, required: TensorSpec, policy: Policy, limit: int = MOST_TRIED) -> Growth:
    """Grows the graph from the provided spec within the policy; each edge has its `step` and its `cost`."""
    import networkx as nx

    source = Node(provided, no_change(provided))
    growth = Growth(nx.DiGraph(), source, {source: FREE}, is_met=_is_met(provided, required))
    growth.graph.add_node(source)
    nodes = {(source.spec, source.meaning): source}
    propose = _proposer(required, policy)
    bars: list[Cost] = []
    # The serial number keeps equal costs in the order of discovery: nodes do not compare.
    queue: list[tuple[Cost, int, Node]] = [(least_left(provided, required, policy), 0, source)]
    serial, tried = count(1), 0
    done: set[Node] = set()
    while queue:
        expected, _, node = heappop(queue)
        if node in done or exceeds(expected, policy) or any(is_beaten(expected, bar) for bar in bars):
            continue
        done.add(node)
        cost = growth.costs[node]
        if _is_goal(node, cost, provided, required, policy):
            growth.goals.append(node)
            bars.append(cost)
            if len(bars) == MOST_GOALS:
                growth.is_stopped = True
                break
            continue
        if cost.steps >= MOST_STEPS:
            growth.is_stopped = True
            continue
        if tried >= (limit if growth.is_met else min(limit, MOST_TRIED_IN_VAIN)):
            growth.is_stopped = True
            break
        for step, meaning in _steps_from(node, propose(node.spec), provided.shape):
            reached = nodes.setdefault((step.result, meaning), Node(step.result, meaning))
            _reach(growth, node, reached, step)
            growth.is_met = growth.is_met or _is_met(step.result, required)
            tried += 1
            paid = cost + step.cost
            if reached not in growth.costs or paid < growth.costs[reached]:
                growth.costs[reached] = paid
                growth.came_from[reached] = node
                heappush(queue, (paid + least_left(reached.spec, required, policy), next(serial), reached))
    # Goals that were seen but are dearer are worth showing as alternatives.
    growth.goals += [
        node
        for node, cost in growth.costs.items()
        if node not in done
        and (exceeds(cost, policy) or any(is_beaten(cost, bar) for bar in bars))
        and _is_goal(node, cost, provided, required, policy)
    ]
    return growth


def _is_goal(node: Node, cost: Cost, provided: TensorSpec, required: TensorSpec, policy: Policy) -> bool:
    if not is_goal(node.spec, required, policy):
        return False
    return not any(cost.meaning) or not displaces_batch(node.meaning, provided, required)


def _proposer(required: TensorSpec, policy: Policy) -> Callable[[TensorSpec], tuple[Step, ...]]:
    """What is proposed for a spec. One that values come to in several ways is asked about once."""
    transforms = offered(policy)

    @cache
    def propose(spec: TensorSpec) -> tuple[Step, ...]:
        steps = (step for transform in transforms for step in transform.propose(spec, required))
        return tuple(step for step in steps if is_wanted(step, policy))

    return propose


def _steps_from(node: Node, steps: tuple[Step, ...], provided: Shape | None) -> Iterator[tuple[Step, Meaning]]:
    for step in steps:
        meaning = after(node.meaning, node.spec, step, provided)
        if meaning is not None:
            yield step, meaning


def _is_met(spec: TensorSpec, required: TensorSpec) -> bool:
    return (spec.kind, spec.dtype) == (required.kind, required.dtype)


def _reach(growth: Growth, node: Node, reached: Node, step: Step) -> None:
    """One edge from node to node: the cheapest step where several do the same."""
    if not growth.graph.has_edge(node, reached) or step.cost < growth.graph.edges[node, reached]["cost"]:
        growth.graph.add_edge(node, reached, step=step, cost=step.cost)
