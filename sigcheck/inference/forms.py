"""Forms: of strings, which operation made them, or reads them; into the loops of `tf.map_fn`, which go row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sigcheck.graph.calls import Calls
from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.schema.budget import spend
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.meaning import Meaning

# Operations whose results are strings of one form.
_MADE: Mapping[str, Meaning] = {
    **dict.fromkeys(("EncodeJpeg", "EncodeJpegVariableQuality", "EncodePng"), "encoded_image"),
    "EncodeBase64": "base64_url",
    "EncodeWav": "wav",
    "SerializeTensor": "serialized_tensor",
}
# What passes strings on, or puts them elsewhere.
_PASSING = frozenset(
    {"Identity", "StopGradient", "EnsureShape", "Snapshot", "Reshape", "ExpandDims", "Squeeze", "StridedSlice", "Slice"}
)
_LOOPS = frozenset({"While", "StatelessWhile"})
# A way of more operations is not followed.
_MOST_STEPS = 200
_STEPS_OF_NODE = 1


class _At(NamedTuple):
    """A tensor of a graph."""

    graph: Graph
    tensor: Tensor

    @property
    def node(self) -> Node:
        return self.graph.nodes[self.tensor.node]


def made(graph: Graph, tensor: Tensor) -> Iterator[Inferred]:
    """Yields the form of the strings of a tensor, where one operation makes them all."""
    at: _At | None = _At(graph, tensor)
    for _ in range(_MOST_STEPS):
        at = None if at is None else _passed(at)
        if at is None:
            return
        form = _MADE.get(at.node.op)
        if form is not None:
            yield Inferred(name="meaning", value=form, tier="proved", reason=at.node.op)
            return
        at = _item(at)


def _passed(at: _At) -> _At | None:
    """Where a tensor comes from that is only passed on."""
    for _ in range(_MOST_STEPS):
        if at.node.op not in _PASSING:
            return at
        source = at.node.inputs[0] if at.node.inputs else None
        if source is None:
            return None
        at = _At(at.graph, source)
    return None


def _item(at: _At) -> _At | None:
    """What a loop sets each item of a stacked list to; None where it is no such list."""
    if at.node.op != "TensorListStack" or not at.node.inputs or at.node.inputs[0] is None:
        return None
    loop = _passed(_At(at.graph, at.node.inputs[0]))
    body = None if loop is None else _body(loop.graph, loop.node)
    if loop is None or body is None or loop.tensor.output >= len(loop.node.inputs):
        return None
    place = str(loop.tensor.output)
    begun = loop.node.inputs[loop.tensor.output]
    end, given = body.outputs.get(place), body.inputs.get(place)
    if begun is None or end is None or given is None or loop.graph.nodes[begun.node].op != "TensorListReserve":
        return None
    setting = _passed(_At(body, end))
    if setting is None or setting.node.op != "TensorListSetItem" or len(setting.node.inputs) < 3:  # noqa: PLR2004  # list, index, item
        return None
    kept, item = setting.node.inputs[0], setting.node.inputs[2]
    before = None if kept is None else _passed(_At(body, kept))
    return None if item is None or before is None or before.tensor != given else _At(body, item)


def _body(graph: Graph, node: Node) -> Graph | None:
    if node.op not in _LOOPS:
        return None
    return graph.function(str(node.attributes.get("body", "")))


def rows_read(graph: Graph, number: int) -> list[tuple[Node, int]] | None:
    """The operations that read the items of a list which a loop goes through, and at which operand.

    `number` is the node that makes the list of a tensor. None where it goes anywhere else.
    """
    if graph.nodes[number].op != "TensorListFromTensor":
        return None
    found: list[tuple[Node, int]] = []
    for reader, operand in _readers(graph, number):
        node = graph.nodes[reader]
        body = _body(graph, node)
        given = None if body is None else body.inputs.get(str(operand))
        if body is None or given is None:
            return None
        for inner, place in _readers(body, given.node):
            if body.nodes[inner].op == "TensorListGetItem" and place == 0:
                found += _last(body, inner)
            elif body.nodes[inner].op not in _PASSING or _last(body, inner):
                return None
    return found or None


def _last(graph: Graph, number: int) -> list[tuple[Node, int]]:
    """The operations that read what a node gives, behind those that only pass it on."""
    found, waiting = list[tuple[Node, int]](), [number]
    for _ in range(_MOST_STEPS):
        if not waiting:
            return found
        for reader, operand in _readers(graph, waiting.pop()):
            node = graph.nodes[reader]
            if node.op in _PASSING and operand == 0:
                waiting.append(reader)
            else:
                found.append((node, operand))
    return [*found, (graph.nodes[number], 0)]


def _readers(graph: Graph, number: int) -> Iterator[tuple[int, int]]:
    """Yields the nodes on the way to an output that read a node, and at which operand."""
    for reader in sorted(Calls().running(graph, graph.outputs.values())):
        spend(_STEPS_OF_NODE)
        for operand, tensor in enumerate(graph.nodes[reader].inputs):
            if tensor is not None and tensor.node == number:
                yield reader, operand
