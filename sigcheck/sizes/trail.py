"""Trail: how a size gets from an input to the place that demands something of it.

A walk that is watched keeps what was known of every tensor. From a demanding node the trail goes
back over the nodes that the size comes by, out of functions by their calls, to an input; of these
the nodes that change it are told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Expression, Variable
from sigcheck.sizes.tensor import Sized

# A longer way is told by its beginning and its end.
MOST_NODES = 200_000


@dataclass
class Frame:
    """A graph that is walked with what is known of its tensors; inside of a function, the node that calls it."""

    graph: Graph
    known: Mapping[int, Sequence[Sized]]
    caller: Frame | None = None
    call: Node | None = None


@dataclass(frozen=True)
class Place:
    """A node on the way, and what has become of the size there."""

    operation: str
    name: str
    sizes: tuple[Expression, ...]


@dataclass
class Watch:
    """What a walk is told to keep: each demand with where it was made."""

    demands: list[tuple[Condition, Frame, Node]] = field(default_factory=list)

    def entered(
        self, graph: Graph, known: Mapping[int, Sequence[Sized]], caller: Frame | None, call: Node | None
    ) -> Frame:
        """The graph that the walk enters, called by a node of the frame before."""
        return Frame(graph, known, caller, call)

    def trails(self, condition: Condition, size: Variable) -> tuple[tuple[Place, ...], ...]:
        """For each operand of the node that demands the condition the way of the size to it, from the input on."""
        for one, frame, node in self.demands:
            if one == condition:
                found = [_trail(frame, operand, size) for operand in node.inputs if operand is not None]
                return tuple(dict.fromkeys(trail for trail in found if trail))
        return ()


def _trail(frame: Frame, operand: Tensor, size: Variable) -> tuple[Place, ...]:
    places = _back(frame, operand, size)
    kept: list[Place] = []
    for place in reversed(places):
        if place.sizes and (not kept or kept[-1].sizes != place.sizes):
            kept.append(place)
    return tuple(kept)


def _back(frame: Frame | None, operand: Tensor, size: Variable) -> list[Place]:
    """The places from an operand back to an input, the nearest first."""
    places: list[Place] = []
    while frame is not None:
        path = _path(frame, operand, size)
        if path is None:
            return []
        for tensor in path:
            node = frame.graph.nodes[tensor.node]
            places.append(Place(node.op, node.name, _sizes(frame, tensor, size)))
        entered = {tensor.node: at for at, tensor in frame.graph.inputs.items()}
        at, call = entered[path[-1].node], frame.call
        frame = frame.caller
        if frame is None or call is None or not at.isdecimal() or int(at) >= len(call.inputs):
            break
        source = call.inputs[int(at)]
        if source is None:
            break
        operand = source
    return places


def _path(frame: Frame, start: Tensor, size: Variable) -> list[Tensor] | None:
    """The shortest way from a tensor back to an input of the graph, by tensors that the size is in."""
    entered = {tensor.node for tensor in frame.graph.inputs.values()}
    before: dict[Tensor, Tensor | None] = {start: None}
    waiting = deque([start] if _sizes(frame, start, size) else [])
    while waiting and len(before) < MOST_NODES:
        tensor = waiting.popleft()
        if tensor.node in entered:
            path: list[Tensor] = []
            at: Tensor | None = tensor
            while at is not None:
                path.append(at)
                at = before[at]
            return path[::-1]
        for source in frame.graph.nodes[tensor.node].inputs:
            if source is not None and source not in before and _sizes(frame, source, size):
                before[source] = tensor
                waiting.append(source)
    return None


def _sizes(frame: Frame, tensor: Tensor, size: Variable) -> tuple[Expression, ...]:
    """What of a tensor's sizes, or of its numbers, follows from the size."""
    results = frame.known.get(tensor.node, ())
    if not 0 <= tensor.output < len(results):
        return ()
    known = results[tensor.output]
    told = (*(known.sizes or ()), *(known.numbers or ()))
    return tuple(dict.fromkeys(one for one in told if isinstance(one, Expression) and size in one.variables))
