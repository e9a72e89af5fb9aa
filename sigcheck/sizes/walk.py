"""Walk: the sizes of all tensors of a graph, from its inputs on, and what they demand.

It keeps its own stack, because graphs are deeper than Python's; in a cycle nothing is known. All
that leads to an output runs, but what only a shape is read of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.schema.budget import spend
from sigcheck.sizes.call import Call
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Variable
from sigcheck.sizes.least import least_of
from sigcheck.sizes.operations import rules
from sigcheck.sizes.tensor import UNKNOWN, Sized, Sizes

# Some 20 microseconds each: a fifth of a second is the most that anybody waits for.
MOST_WALKED = 10_000
_STEPS_OF_NODE = 20
# A model demands little of its sizes; what would be told in more words is not read.
MOST_CONDITIONS = 500

_SHAPES_ALONE = frozenset({"Shape", "ShapeN", "Rank", "Size", "ZerosLike", "OnesLike"})

_BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Found:
    """The sizes of the outputs by name, what must hold of those of the inputs, and what stood in no table."""

    outputs: Mapping[str, Sizes | None]
    conditions: tuple[Condition, ...] = ()
    unlisted: tuple[str, ...] = ()
    is_stopped: bool = False


def walk(graph: Graph, fed: Mapping[str, Sizes | None]) -> Found:
    """What a graph makes of the sizes of its inputs, which are given by name. Raises LimitError alone."""
    if len(graph.nodes) > MOST_WALKED:
        return Found(dict.fromkeys(graph.outputs), is_stopped=True)
    known: dict[int, Sequence[Sized]] = {}
    for name, tensor in graph.inputs.items():
        known[tensor.node] = _at(tensor.output, Sized(fed.get(name)))
    conditions: dict[Condition, None] = {}
    least: dict[Variable, int] = {}
    unlisted: dict[str, None] = {}
    table = rules()
    running = _running(graph)
    for number in _in_order(graph, set(known)):
        node = graph.nodes[number]
        spend(_STEPS_OF_NODE + 2 * len(node.inputs))
        operands = [_of(known, one) for one in node.inputs]
        rule = table.get(node.op)
        if rule is None:
            unlisted[node.op] = None
            continue
        call = Call(node, operands, number, least)
        try:
            results = rule(call)
        except _BROKEN:
            # What a rule cannot say is not said; what it had demanded till then may not be all.
            continue
        known[number] = [results] if isinstance(results, Sized) else results
        if number not in running or len(conditions) >= MOST_CONDITIONS:
            continue
        for one in call.conditions:
            conditions[one] = None
            bound = least_of(one)
            if bound is not None:
                least[bound[0]] = max(bound[1], least.get(bound[0], 0))
    outputs = {name: _of(known, tensor).sizes for name, tensor in graph.outputs.items()}
    return Found(outputs, tuple(conditions), tuple(unlisted))


def _in_order(graph: Graph, fed: set[int]) -> Sequence[int]:
    """The nodes that lead to the outputs, each behind those that it reads; those in a cycle where they were met."""
    order: list[int] = []
    started, done = set(fed), set(fed)
    stack = [tensor.node for tensor in graph.outputs.values()]
    while stack:
        number = stack[-1]
        if number in started:
            stack.pop()
            if number not in done:
                done.add(number)
                order.append(number)
            continue
        started.add(number)
        stack += [one.node for one in _read(graph.nodes[number]) if one.node not in started]
    return order


def _running(graph: Graph) -> set[int]:
    """The nodes whose values reach an output: what only a shape is read of need not run."""
    found = {tensor.node for tensor in graph.outputs.values()}
    waiting = list(found)
    while waiting:
        node = graph.nodes[waiting.pop()]
        fresh = {one.node for one in _read(node)} - found if node.op not in _SHAPES_ALONE else set()
        found |= fresh
        waiting += fresh
    return found


def _read(node: Node) -> Sequence[Tensor]:
    return [one for one in node.inputs if one is not None]


def _at(output: int, sized: Sized) -> Sequence[Sized]:
    return [*[UNKNOWN] * output, sized]


def _of(known: Mapping[int, Sequence[Sized]], tensor: Tensor | None) -> Sized:
    results = known.get(tensor.node, ()) if tensor is not None else ()
    return results[tensor.output] if tensor is not None and 0 <= tensor.output < len(results) else UNKNOWN
