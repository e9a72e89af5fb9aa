"""Graph nodes: the nodes of a GraphDef, their weights stepped over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sigcheck.readers.content import Content
from sigcheck.readers.message import Message, decode
from sigcheck.readers.wire import Span, scan

# Some 20 microseconds each. A frozen graph of a large detection model has 20,000.
MAX_NODES = 200_000
# A larger node is a constant: its weights are not copied.
_MAX_COPIED = 2**14

_NODE, _VERSIONS = 1, 4
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


def scan_nodes(content: Content) -> GraphNodes:
    """The nodes of a binary GraphDef. Raises ValueError where it is broken or has too many."""
    nodes: list[Node] = []
    producer = 0
    for number, part in scan(content):
        if not isinstance(part, Span):
            continue
        if number == _NODE:
            nodes.append(_scan_node(content, part))
            if len(nodes) > MAX_NODES:
                raise ValueError(f"more than {MAX_NODES} nodes")
        elif number == _VERSIONS and part.end - part.start <= _MAX_COPIED:
            producer = decode("VersionDef", bytes(content[part.start : part.end])).get("producer", 0)
    return GraphNodes(tuple(nodes), producer)


def parse_nodes(content: Content) -> GraphNodes:
    """The nodes of a GraphDef in text form. Raises ValueError where it is broken."""
    from sigcheck.readers.text_format import parse_message

    graph = parse_message("GraphDef", content)
    nodes = tuple(_node(message, partial(message.get, "attr", {})) for message in graph.get("node", ()))
    return GraphNodes(nodes, graph.get("versions", {}).get("producer", 0))


def _scan_node(content: Content, span: Span) -> Node:
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
