"""Frozen graph: a GraphDef in a `.pb` or `.pbtxt` file, as TensorFlow 1 froze models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sigcheck.encodings.content import Content
from sigcheck.encodings.source import Source
from sigcheck.readers.frozen_graph.recognize import NAME, is_text
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.signature import Model

if TYPE_CHECKING:
    from sigcheck.readers.graph_def.nodes import GraphNodes


def read(source: Source) -> Model:
    """One signature of the key `default`. Raises UsageError for an output that the graph does not have."""
    # Only for a file of this format: recognizing one among others costs no import.
    from sigcheck.readers.frozen_graph.endpoints import read_signature
    from sigcheck.readers.graph_def.nodes import TooManyNodesError, parse_nodes, scan_nodes

    with source.content() as content:
        try:
            graph = parse_nodes(content) if is_text(source) else scan_nodes(content)
        except TooManyNodesError as error:
            graph = _named_nodes(content, source, str(error))
        signature, notes = read_signature(graph, source)
    return Model(source=source.place, reader=NAME, signatures=(signature,), notes=notes)


def _named_nodes(content: Content, source: Source, problem: str) -> GraphNodes:
    """The placeholders and the outputs that are named, of a graph in which nobody looks for those that are not."""
    from sigcheck.readers.frozen_graph.endpoints import INPUT_OPS, split_name
    from sigcheck.readers.graph_def.named_nodes import scan_named_nodes
    from sigcheck.readers.graph_def.nodes import TooManyNodesError
    from sigcheck.schema.selection import parse_selector

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
