"""Graph nodes: the nodes of a GraphDef, their weights stepped over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sigcheck.encodings.content import Content
from sigcheck.encodings.message import Message, decode
from sigcheck.encodings.wire import Span, scan, spans
from sigcheck.schema.budget import spend

# Some 20 microseconds each. A frozen graph of a large detection model has 20,000.
MAX_NODES = 200_000
# A larger node is a constant: its weights are not copied.
_MAX_COPIED = 2**14

# In microseconds, beside those of its fields.
_STEPS_OF_NODE = 4

# graph.proto
NODE, VERSIONS = 1, 4
_HEAD = {1: "name", 2: "op", 3: "input"}


@dataclass(frozen=True)
class Node:
    """A node without its attributes. `attributes` reads them, by name, while the file is open."""

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: Callable[[], Message]


@dataclass(frozen=True)
class GraphNodes:
    """The nodes in the order of the file, and the version of the TensorFlow that wrote them."""

    nodes: tuple[Node, ...]
    producer: int = 0


class TooManyNodesError(ValueError):
    """More nodes than are kept."""


def scan_nodes(content: Content) -> GraphNodes:
    """The nodes of a binary GraphDef. Raises TooManyNodesError above MAX_NODES, ValueError where it is broken."""
    found: list[Span] = []
    producer = 0
    for number, part in spans(content, 0, len(content)):
        if number == NODE:
            found.append(part)
            if len(found) > MAX_NODES:
                raise TooManyNodesError(f"a graph of more than {MAX_NODES} nodes")
        elif number == VERSIONS:
            producer = read_producer(content, part) or producer
    return GraphNodes(tuple(read_node(content, part) for part in found), producer)


def read_producer(content: Content, span: Span) -> int:
    """The version of the TensorFlow that wrote a graph; 0 where it does not say."""
    if span.end - span.start > _MAX_COPIED:
        return 0
    producer: int = decode("VersionDef", bytes(content[span.start : span.end])).get("producer", 0)
    return producer


def parse_nodes(content: Content) -> GraphNodes:
    """The nodes of a GraphDef in text form. Raises ValueError where it is broken."""
    from sigcheck.encodings.text_format import parse_message

    graph = parse_message("GraphDef", content)
    nodes = tuple(_node(message, partial(message.get, "attr", {})) for message in graph.get("node", ()))
    return GraphNodes(nodes, graph.get("versions", {}).get("producer", 0))


def read_node(content: Content, span: Span) -> Node:
    """A node of a binary GraphDef. Raises ValueError where it is broken."""
    spend(_STEPS_OF_NODE)
    if span.end - span.start <= _MAX_COPIED:
        data = bytes(content[span.start : span.end])
        return _node(decode("NodeHead", data), lambda: decode("NodeDef", data).get("attr", {}))
    head: Message = {"input": []}
    for number, part in scan(content, span.start, span.end):
        name = _HEAD.get(number)
        if name is None or not isinstance(part, Span) or part.end - part.start > _MAX_COPIED:
            continue
        text = bytes(content[part.start : part.end]).decode()
        if name == "input":
            head["input"].append(text)
        else:
            head[name] = text
    return _node(head, dict)


def _node(head: Message, attributes: Callable[[], Message]) -> Node:
    return Node(head.get("name", ""), head.get("op", ""), tuple(head.get("input", ())), attributes)
