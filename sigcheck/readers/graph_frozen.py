"""Graph of a frozen GraphDef: what leads to the outputs of its one signature."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sigcheck.readers import frozen_graph
from sigcheck.readers.graph_body import read_graph
from sigcheck.readers.graph_flatten import Flattener
from sigcheck.readers.graph_view import Graph
from sigcheck.readers.source import Source
from sigcheck.readers.wire import Span
from sigcheck.schema.signature import Signature


@contextmanager
def open_graph(source: Source, signature: Signature) -> Iterator[Graph]:
    """The graph behind the outputs; its attributes can be read while it is open.

    Raises ValueError and the like where the file is broken or too large.
    """
    if frozen_graph.is_text(source):
        yield Graph(problem="the graph is written as text, which is not looked at")
        return
    with source.content() as content:
        graph, library = read_graph(content, Span(0, len(content)))
        yield Flattener(content, graph, library).flatten(
            {endpoint.name: endpoint.name for endpoint in signature.inputs},
            {endpoint.name: endpoint.name for endpoint in signature.outputs},
        )
