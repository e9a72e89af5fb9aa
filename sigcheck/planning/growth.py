"""Growth: the graph of specs that transforms reach from a provided spec, and what its paths cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sigcheck.planning.meaning import Meaning
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.tensor_spec import TensorSpec

if TYPE_CHECKING:
    import networkx as nx


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
    steps that lead on from it. `tried` counts the steps that were looked at.
    """

    source: Node
    costs: dict[Node, Cost]
    edges: dict[Node, dict[Node, Step]] = field(default_factory=dict)
    came_from: dict[Node, Node] = field(default_factory=dict)
    goals: list[Node] = field(default_factory=list)
    is_met: bool = False
    is_stopped: bool = False
    tried: int = 0

    def plan_to(self, node: Node) -> Plan:
        """The cheapest path from the source to the node."""
        return Plan(steps=self.steps_to(node))

    def steps_to(self, node: Node) -> tuple[Step, ...]:
        """The steps of that path."""
        steps: list[Step] = []
        while node is not self.source:
            node, reached = self.came_from[node], node
            steps.append(self.edges[node][reached])
        return tuple(reversed(steps))

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
