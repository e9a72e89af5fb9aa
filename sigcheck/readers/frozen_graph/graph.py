"""Graph of a frozen GraphDef: what leads to the outputs of its one signature."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sigcheck.encodings.source import Source
from sigcheck.encodings.wire import Span
from sigcheck.graph.view import Graph, Graphs
from sigcheck.readers.frozen_graph.recognize import is_text
from sigcheck.readers.graph_def.body import read_graph
from sigcheck.readers.graph_def.flatten import Flattener
from sigcheck.schema.signature import Signature


@contextmanager
def open_graphs(source: Source) -> Iterator[Graphs]:
    """The graph behind the outputs; its attributes can be read while it is open.

    Raises ValueError and the like where the file is broken or too large.
    """
    if is_text(source):
        yield Graphs(lambda _: Graph(problem="the graph is written as text, which is not looked at"))
        return
    with source.content() as content:
        graph, library = read_graph(content, Span(0, len(content)))

        def lower(signature: Signature) -> Graph:
            return Flattener(content, graph, library).flatten(
                {endpoint.name: endpoint.name for endpoint in signature.inputs},
                {endpoint.name: endpoint.name for endpoint in signature.outputs},
            )

        yield Graphs(lower)
