"""Graph of a SavedModel: what leads to the outputs of one of its signatures."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sigcheck.encodings.content import Content
from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.encodings.wire import Span
from sigcheck.graph.view import Graph, Graphs
from sigcheck.readers.graph_def.body import Body, read_graph
from sigcheck.readers.graph_def.flatten import Flattener
from sigcheck.readers.saved_model.meta_graph import ScannedMetaGraph, scan_meta_graphs
from sigcheck.readers.saved_model.recognize import BINARY
from sigcheck.schema.signature import Endpoint, Signature


@contextmanager
def open_graphs(source: Source) -> Iterator[Graphs]:
    """The graphs of the signatures; their attributes can be read while it is open.

    Raises ValueError and the like where the file is broken or too large.
    """
    file = source if not source.is_directory else source.child(BINARY)
    if file is None or file.path.suffix == ".pbtxt" or not file.head.startswith(_BINARY_HEADS):
        yield Graphs(lambda _: Graph(problem="the graph is written as text, which is not looked at"))
        return
    with file.content() as content:
        opened = _Opened(content, list(scan_meta_graphs(content)))
        yield Graphs(opened.lower, opened.call)


class _Opened:
    """The meta graphs of a file, and of each its graph, once it is asked for."""

    def __init__(self, content: Content, metas: Sequence[ScannedMetaGraph]) -> None:
        self._content = content
        self._metas = metas
        self._read: dict[int, tuple[Content, Body, dict[str, Span], dict[str, Body | None]]] = {}

    def lower(self, signature: Signature) -> Graph:
        """What leads to the outputs of a signature."""
        found = self._ends(signature)
        if found is None:
            return Graph(problem="the signature names no tensors of the graph")
        flattener, inputs, outputs = found
        return flattener.flatten(inputs, outputs)

    def call(self, signature: Signature) -> Hashable | None:
        """The function that makes the outputs of a signature, and what it is given."""
        found = self._ends(signature)
        return None if found is None else found[0].call(found[1], found[2])

    def _ends(self, signature: Signature) -> tuple[Flattener, dict[str, str], dict[str, str]] | None:
        """The graph of a signature, and the tensors of its endpoints."""
        for number, meta in enumerate(self._metas):
            if signature.tags and meta.tags != signature.tags:
                continue
            message = meta.signatures.get(signature.key)
            if message is None or meta.graph is None:
                continue
            if number not in self._read:
                # Copied once: a slice of a mapped file costs more than one of bytes. Weights are in files of their own.
                is_small = meta.graph.end - meta.graph.start <= _MAX_COPIED
                data = bytes(self._content[meta.graph.start : meta.graph.end]) if is_small else self._content
                span = meta.graph._replace(start=0, end=len(data)) if is_small else meta.graph
                self._read[number] = (data, *read_graph(data, span), {})
            return (
                Flattener(*self._read[number]),
                _tensors(message.get("inputs", {}), signature.inputs),
                _tensors(message.get("outputs", {}), signature.outputs),
            )
        return None


# SavedModel.saved_model_schema_version or .meta_graphs comes first.
_BINARY_HEADS = (b"\x08", b"\x12")
_MAX_COPIED = 2**26


def _tensors(infos: Mapping[str, Message], endpoints: tuple[Endpoint, ...]) -> dict[str, str]:
    """The tensor of each dense endpoint; what was taken apart is several, of which nothing is claimed."""
    found = {}
    for endpoint in endpoints:
        key = endpoint.parts[0] if len(endpoint.parts) == 1 else endpoint.name
        name = infos.get(key, {}).get("name")
        if name and endpoint.spec.kind == "dense" and len(endpoint.parts) <= 1:
            found[endpoint.name] = name
    return found
