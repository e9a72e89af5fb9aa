"""Defaults: which placeholders of a graph only the default of another input needs.

A `PlaceholderWithDefault` that is fed cuts off what its default is computed from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from sigcheck.readers.graph_def.nodes import Node
from sigcheck.schema.budget import spend

WITH_DEFAULT = "PlaceholderWithDefault"
_FED = frozenset({"Placeholder", "PlaceholderV2"})


def needed_by_defaults(nodes: Mapping[str, Node], outputs: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each placeholder that no output needs where all defaults are fed, the inputs whose defaults need it.

    `outputs` are the nodes that give the outputs. Nothing is said of a graph that is not known whole.
    """
    if not any(node.op == WITH_DEFAULT and node.inputs for node in nodes.values()):
        return {}
    read_by: dict[str, list[str]] = {}
    for node in nodes.values():
        spend(1 + len(node.inputs))
        for source in _sources(node):
            if source not in nodes:
                return {}
            read_by.setdefault(source, []).append(node.name)
    needed = _reached(outputs, nodes, lambda node: () if node.op == WITH_DEFAULT else _sources(node))
    found = {}
    for name, node in nodes.items():
        if node.op in _FED and name not in needed:
            onward = _reached([name], nodes, lambda one: () if one.op == WITH_DEFAULT else read_by.get(one.name, ()))
            defaults = tuple(sorted(one for one in onward if nodes[one].op == WITH_DEFAULT))
            if defaults:
                found[name] = defaults
    return found


def _sources(node: Node) -> Sequence[str]:
    """The nodes that a node reads; a node that it only waits for is run, too."""
    return [text.removeprefix("^").partition(":")[0] for text in node.inputs]


def _reached(start: Collection[str], nodes: Mapping[str, Node], onward: Callable[[Node], Sequence[str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        more = [one for one in onward(nodes[waiting.pop()]) if one not in reached]
        spend(1 + len(more))
        reached.update(more)
        waiting += more
    return reached
