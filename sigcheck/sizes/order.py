"""Order: the nodes of a graph that lead to its outputs, each behind those that it reads, and which surely run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sigcheck.graph.calls import Calls
from sigcheck.graph.view import Graph


class Ordered(NamedTuple):
    """A graph with the order of its nodes."""

    graph: Graph
    order: Sequence[int]
    read_by: dict[frozenset[str], Mapping[int, set[int]]]

    def wanted(self, outputs: frozenset[str], calls: Calls) -> Mapping[int, set[int]]:
        """The nodes whose values reach one of these outputs, each with those of its results that do."""
        if outputs not in self.read_by:
            ends = [tensor for name, tensor in self.graph.outputs.items() if name in outputs]
            self.read_by[outputs] = calls.running(self.graph, ends)
        return self.read_by[outputs]


class Running(NamedTuple):
    """Which nodes of a graph lead to outputs that are surely wanted; most graphs are never asked."""

    ordered: Ordered
    outputs: frozenset[str]
    calls: Calls

    def results(self, number: int) -> set[int] | None:
        """The results of a node that do; None where it need not run."""
        return self.ordered.wanted(self.outputs, self.calls).get(number)


def in_order(graph: Graph) -> Ordered:
    """The graph in order; its inputs are known before it begins."""
    return Ordered(graph, _nodes(graph, {one.node for one in graph.inputs.values()}), {})


def _nodes(graph: Graph, fed: set[int]) -> Sequence[int]:
    """The nodes that lead to the outputs, each behind those that it reads; those in a cycle where they were met."""
    order: list[int] = []
    started = set(fed)
    nodes = graph.nodes
    # Below those that it reads, a node that was met waits as the complement of its number.
    stack = [tensor.node for tensor in graph.outputs.values()]
    while stack:
        number = stack.pop()
        if number < 0:
            order.append(~number)
        elif number not in started:
            started.add(number)
            node = nodes[number]
            read = (node if node.stands_for is None else node.stands_for).inputs
            if read:
                stack.append(~number)
                stack += [one[0] for one in read if one is not None and one[0] not in started]
            else:
                order.append(number)
    return order
