"""Frozen graph: a GraphDef in a `.pb` or `.pbtxt` file, as TensorFlow 1 froze models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sigcheck.readers.content import Content
from sigcheck.readers.source import Source
from sigcheck.readers.wire import Span, scan
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.signature import Model

if TYPE_CHECKING:
    from sigcheck.readers.graph_nodes import GraphNodes

NAME = "frozen_graph"
ACCEPTS = "a frozen graph (.pb)"

_NODE_TAG = 1 << 3 | 2
_NODE_NAME, _NODE_OP = 1, 2
_TEXT_HEADS = (b"node {", b"node{", b"node: {")
_OP = re.compile(r"[A-Za-z_][\w>]{0,200}")


def recognizes(source: Source) -> bool:
    """A file that begins with a node: a name, then an op."""
    if is_text(source):
        return True
    if source.is_directory or source.head[:1] != bytes([_NODE_TAG]):
        return False
    with source.content() as content:
        return _begins_with_node(content)


def read(source: Source) -> Model:
    """One signature of the key `default`. Raises UsageError for an output that the graph does not have."""
    # Only for a file of this format: recognizing one among others costs no import.
    from sigcheck.readers.frozen_signature import read_signature
    from sigcheck.readers.graph_nodes import TooManyNodesError, parse_nodes, scan_nodes

    with source.content() as content:
        try:
            graph = parse_nodes(content) if is_text(source) else scan_nodes(content)
        except TooManyNodesError as error:
            graph = _named_nodes(content, source, str(error))
        signature, notes = read_signature(graph, source)
    return Model(source=source.place, reader=NAME, signatures=(signature,), notes=notes)


def _named_nodes(content: Content, source: Source, problem: str) -> GraphNodes:
    """The placeholders and the outputs that are named, of a graph in which nobody looks for those that are not."""
    from sigcheck.readers.frozen_signature import INPUT_OPS, split_name
    from sigcheck.readers.graph_named_nodes import scan_named_nodes
    from sigcheck.readers.graph_nodes import TooManyNodesError
    from sigcheck.readers.selection import parse_selector

    wanted = {split_name(name)[0]: name for name in parse_selector(source.selector).outputs}
    if not wanted:
        raise SourceError(
            source.place, f"{problem}, expected the names of its outputs. Name them with #output=NAME,NAME."
        )
    try:
        graph, count = scan_named_nodes(content, wanted, INPUT_OPS)
    except TooManyNodesError as error:
        raise SourceError(source.place, f"{error}, more than are read. Extract the part that you need.") from error
    there = {node.name for node in graph.nodes}
    for name, written in wanted.items():
        if name not in there:
            raise UsageError(source.place, f"no node {written!r} among {count}. Check the names behind #output=.")
    return graph


def is_text(source: Source) -> bool:
    """Whether the file is a GraphDef in text form, by its name or its first bytes."""
    if source.is_directory:
        return False
    return source.path.suffix == ".pbtxt" or source.head.lstrip().startswith(_TEXT_HEADS)


def _begins_with_node(content: Content) -> bool:
    try:
        first = next(scan(content), None)
        if first is None or not isinstance(first.value, Span):
            return False
        fields = scan(content, first.value.start, first.value.end)
        name, op = next(fields, None), next(fields, None)
        if name is None or op is None or (name.number, op.number) != (_NODE_NAME, _NODE_OP):
            return False
        if not isinstance(op.value, Span):
            return False
        return _OP.fullmatch(bytes(content[op.value.start : op.value.end]).decode()) is not None
    except ValueError:
        return False
