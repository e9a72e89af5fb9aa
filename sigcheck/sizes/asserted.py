"""Asserted: what a truth that must hold demands of the numbers that it compares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.sizes.condition import Condition, Relation
from sigcheck.sizes.expression import TooLargeError
from sigcheck.sizes.tensor import Size, Sized, add, lifted

# Comparisons that one assertion is made of.
_MOST_PARTS = 64

# What holds where all of their operands do.
_TOGETHER = frozenset({"All", "Identity", "LogicalAnd", "Reshape", "Squeeze", "ExpandDims"})
_OF_ONE = _TOGETHER - {"LogicalAnd"}

_Demand = Callable[[Size, Size], tuple[Relation, Size, Size]]
_COMPARISONS: Mapping[str, _Demand] = {
    "Equal": lambda one, other: ("equal", one, other),
    "GreaterEqual": lambda one, other: ("at_least", one, other),
    "Greater": lambda one, other: ("at_least", one, add(other, 1)),
    "LessEqual": lambda one, other: ("at_least", other, one),
    "Less": lambda one, other: ("at_least", other, add(one, 1)),
}


def demands(graph: Graph, known: Callable[[Tensor | None], Sized]) -> Iterator[tuple[Condition, Node]]:
    """Yields what the outputs of a graph of truths demand of sizes, with the comparison; `known` tells each tensor."""
    for place, end in graph.outputs.items():
        waiting = [end]
        for _ in range(_MOST_PARTS):
            if not waiting:
                break
            node = graph.nodes[waiting.pop().node]
            if node.op in _TOGETHER:
                operands = node.inputs[:1] if node.op in _OF_ONE else node.inputs
                waiting += [one for one in operands if one is not None]
            elif node.op in _COMPARISONS:
                told = _compared(node, *(known(one).numbers for one in (*node.inputs, None, None)[:2]))
                yield from ((one, node) for one in _conditions(told, place.rpartition(":")[0]))


def _compared(
    node: Node, one: Sequence[Size] | None, other: Sequence[Size] | None
) -> Iterator[tuple[Relation, Size, Size]]:
    """Yields the pairs of numbers that are compared; none where they are not known, or stretched to more than one."""
    if not one or not other:
        return
    count = max(len(one), len(other))
    if {len(one), len(other)} <= {1, count}:
        yield from (_COMPARISONS[node.op](one[at % len(one)], other[at % len(other)]) for at in range(count))


def _conditions(told: Iterator[tuple[Relation, Size, Size]], place: str) -> Iterator[Condition]:
    try:
        for relation, one, other in told:
            condition = Condition(relation, lifted(one), lifted(other), "Assert", place)
            if condition.is_known:
                yield from condition.simplified()
    except TooLargeError:
        return
