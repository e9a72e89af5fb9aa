"""Graph of a SavedModel: what leads to the outputs of one of its signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.graph.view import Graph
from sigcheck.readers.graph_def.body import read_graph
from sigcheck.readers.graph_def.flatten import Flattener
from sigcheck.readers.saved_model.meta_graph import scan_meta_graphs
from sigcheck.readers.saved_model.recognize import BINARY
from sigcheck.schema.signature import Endpoint, Signature

IS_RUN_BY_TENSORFLOW = True
HAS_ALL_ATTRIBUTES = True


@contextmanager
def open_graph(source: Source, signature: Signature) -> Iterator[Graph]:
    """The graph of a signature; its attributes can be read while it is open.

    Raises ValueError and the like where the file is broken or too large.
    """
    file = source if not source.is_directory else source.child(BINARY)
    if file is None or file.path.suffix == ".pbtxt" or not file.head.startswith(_BINARY_HEADS):
        yield Graph(problem="the graph is written as text, which is not looked at")
        return
    with file.content() as content:
        for meta in scan_meta_graphs(content):
            if signature.tags and meta.tags != signature.tags:
                continue
            message = meta.signatures.get(signature.key)
            if message is None or meta.graph is None:
                continue
            # Copied once: a slice of a mapped file costs more than one of bytes. Weights are in files of their own.
            is_small = meta.graph.end - meta.graph.start <= _MAX_COPIED
            data = bytes(content[meta.graph.start : meta.graph.end]) if is_small else content
            span = meta.graph._replace(start=0, end=len(data)) if is_small else meta.graph
            graph, library = read_graph(data, span)
            yield Flattener(data, graph, library).flatten(
                _tensors(message.get("inputs", {}), signature.inputs),
                _tensors(message.get("outputs", {}), signature.outputs),
            )
            return
    yield Graph(problem="the signature names no tensors of the graph")


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
