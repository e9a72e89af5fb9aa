"""Calls: the functions that a graph calls by nodes, each lowered once, and what leads to results that are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sigcheck.graph.view import CALLS, Graph, Node, Tensor
from sigcheck.schema.budget import spend

# Exports nest three or four calls; deeper ones are not looked into.
MOST_NESTED = 24
_STEPS_OF_CALL = 20


class Function(NamedTuple):
    """A function that a graph calls, and which of its arguments each node is."""

    name: str
    graph: Graph
    positions: Mapping[int, int]


class Calls:
    """The functions of one graph. `unread` are operations that do not run what they read."""

    def __init__(self, unread: frozenset[str] = frozenset()) -> None:
        """None is known yet."""
        self._unread = unread
        self._known: dict[str, Function | None] = {}
        self._needed: dict[tuple[str, frozenset[int]], frozenset[int]] = {}

    def called(self, graph: Graph, node: Node) -> Function | None:
        """The function that a node calls; None where it calls none, or one that cannot be looked into."""
        if not graph.is_folded:
            return None
        # In old graphs the operation of a call is the function itself.
        name = node.attributes.get("f", "") if node.op in CALLS else node.op
        if name not in self._known:
            spend(_STEPS_OF_CALL)
            found = graph.function(name)
            positions = {} if found is None else {one.node: int(at) for at, one in found.inputs.items()}
            self._known[name] = None if found is None else Function(name, found, positions)
        return self._known[name]

    def running(self, graph: Graph, ends: Iterable[Tensor], depth: int = 0) -> dict[int, set[int]]:
        """The nodes whose values reach these tensors, each with those of its results that do.

        What a function is given and does not need reaches nothing.
        """
        found: dict[int, set[int]] = {}
        waiting = list(ends)
        nodes, unread = graph.nodes, self._unread
        while waiting:
            number, output = waiting.pop()
            known = found.get(number)
            is_new = known is None
            if known is None:
                known = found[number] = set()
            elif output in known:
                continue
            known.add(output)
            node = nodes[number]
            if node.stands_for is not None:
                node = node.stands_for
            if node.op in unread:
                continue
            called = self.called(graph, node) if graph.is_folded and depth < MOST_NESTED else None
            if called is not None:
                needed = self.needed(called, frozenset(known), depth + 1)
                waiting += [one for at, one in enumerate(node.inputs) if one is not None and at in needed]
            elif is_new:
                waiting += [one for one in node.inputs if one is not None]
        return found

    def needed(self, called: Function, results: frozenset[int], depth: int) -> frozenset[int]:
        """The arguments whose values reach these results of a function."""
        key = called.name, results
        if key not in self._needed:
            # Of a function that calls itself all, until more is known.
            self._needed[key] = frozenset(called.positions.values())
            ends = [end for at in results if (end := called.graph.outputs.get(str(at))) is not None]
            running = self.running(called.graph, ends, depth)
            spend(len(running))
            self._needed[key] = frozenset(at for node, at in called.positions.items() if node in running)
        return self._needed[key]
