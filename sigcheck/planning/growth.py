"""Growth: the graph of specs that transforms reach from a provided spec, cheapest first.

It grows toward the goal only: each transform proposes steps that lead to the required spec.
Growth stops where nothing cheaper, and no rival, can be found any more, or at the limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from sigcheck.planning.goal import exceeds, is_beaten, is_goal, offered
from sigcheck.planning.meaning import Meaning, after, leads_astray, no_change
from sigcheck.planning.outlook import least_left
from sigcheck.planning.proposals import Proposals
from sigcheck.schema.cost import FREE, Cost
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import Shape, TensorSpec

if TYPE_CHECKING:
    import networkx as nx

# Steps looked at in one growth. The longest useful plans take some two hundred; the limit bounds
# the time, about a tenth of a millisecond for each, where sizes are unknown or alike.
MOST_TRIED = 1000

# Six steps convert any encoding into any other, and as many make, move and take away axes of one entry. A lower limit
# would be met by chains that only begin with steps of no use, and leave what a shorter chain does undecided.
MOST_STEPS = 12

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


@dataclass(eq=False)
class Growth:
    """What was reached from the source, the goals in the order of their cost, and whether a limit stopped it.

    `is_met` says that the required kind and dtype were met. `costs` has for each node what its
    cheapest path pays, and `came_from` the node before it there. `edges` has for each node the
    steps that lead on from it.
    """

    source: Node
    costs: dict[Node, Cost]
    edges: dict[Node, dict[Node, Step]] = field(default_factory=dict)
    came_from: dict[Node, Node] = field(default_factory=dict)
    goals: list[Node] = field(default_factory=list)
    is_met: bool = False
    is_stopped: bool = False

    def plan_to(self, node: Node) -> Plan:
        """The cheapest path from the source to the node."""
        steps: list[Step] = []
        while node is not self.source:
            before = self.came_from[node]
            steps.append(self.edges[before][node])
            node = before
        return Plan(steps=tuple(reversed(steps)))

    @cached_property
    def graph(self) -> nx.DiGraph[Node]:
        """The graph that was searched, with its `step` and its `cost` on each edge.

        Made when it is looked at: a search whose plan is all that is wanted does not load networkx.
        """
        import networkx as nx

        graph: nx.DiGraph[Node] = nx.DiGraph()
        graph.add_node(self.source)
        for node, steps in self.edges.items():
            graph.add_edges_from((node, reached, {"step": step, "cost": step.cost}) for reached, step in steps.items())
        return graph


def grow(
    provided: TensorSpec,
    required: TensorSpec,
    policy: Policy,
    limit: int = MOST_TRIED,
    proposals: Proposals | None = None,
) -> Growth:
    """Grows the graph from the provided spec within the policy.

    `proposals` toward the same required spec, from a growth under another policy, are not made again.
    """
    source = Node(provided, no_change(provided))
    growth = Growth(source, {source: FREE}, is_met=_is_met(provided, required))
    nodes = {(source.spec, source.meaning): source}
    proposals = Proposals(required) if proposals is None else proposals
    transforms = offered(policy)
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
        if tried >= limit:
            growth.is_stopped = True
            break
        for step, meaning in _steps_from(node, proposals.of(node.spec, transforms, policy), provided.shape):
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
    return not leads_astray(node.meaning, cost, provided, required)


def _steps_from(node: Node, steps: Iterable[Step], provided: Shape | None) -> Iterator[tuple[Step, Meaning]]:
    for step in steps:
        meaning = after(node.meaning, node.spec, step, provided)
        if meaning is not None:
            yield step, meaning


def _is_met(spec: TensorSpec, required: TensorSpec) -> bool:
    return (spec.kind, spec.dtype) == (required.kind, required.dtype)


def _reach(growth: Growth, node: Node, reached: Node, step: Step) -> None:
    """One edge from node to node: the cheapest step where several do the same."""
    steps = growth.edges.setdefault(node, {})
    if reached not in steps or step.cost < steps[reached].cost:
        steps[reached] = step
