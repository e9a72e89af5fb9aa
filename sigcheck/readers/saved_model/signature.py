"""SavedModel: a folder with `saved_model.pb` or `saved_model.pbtxt`, or that file alone.

Read by scanning the wire format: the graph, which may be gigabytes, is one field and is
stepped over. What the signatures leave open (call order, ragged and sparse inputs, dict
keys) is looked up in the object graph. A model without signatures shows its traced functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sigcheck.encodings.source import Source
from sigcheck.readers.saved_model.recognize import BINARY, CHUNKED, NAME, TEXT, TEXT_HEAD
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Model, Note, Signature

if TYPE_CHECKING:
    from sigcheck.readers.saved_model.meta_graph import MetaGraph


def read(source: Source) -> Model:
    """All signatures of all meta graphs.

    Raises SourceError for what is no such file, ValueError and the like for a broken one.
    """
    file = source if not source.is_directory else source.child(BINARY) or source.child(TEXT) or source.child(CHUNKED)
    if file is None or file.path.name == CHUNKED:
        raise SourceError(source.place, f"a chunked {CHUNKED}, expected {BINARY}. Export it without chunking.")
    # Only for a file of this format: recognizing one among others costs no import.
    from sigcheck.readers.saved_model.meta_graph import DecodedMetaGraph, scan_meta_graphs
    from sigcheck.readers.saved_model.meta_graph_signatures import read_signatures

    with file.content() as content:
        if file.path.suffix == ".pbtxt" or file.head.startswith(TEXT_HEAD):
            from sigcheck.encodings.text_format import parse_message

            text = parse_message("SavedModel", content)
            graphs: Sequence[MetaGraph] = [DecodedMetaGraph(message) for message in text.get("meta_graphs", ())]
        else:
            graphs = list(scan_meta_graphs(content))
        if not graphs:
            raise SourceError(source.place, "a SavedModel without a meta graph. Export or copy it again.")
        signatures: list[Signature] = []
        notes: list[Note] = []
        for graph in graphs:
            found = read_signatures(graph, notes)
            signatures += found if len(graphs) == 1 else [one.model_copy(update={"tags": graph.tags}) for one in found]
    return Model(source=source.place, reader=NAME, signatures=tuple(signatures), notes=tuple(notes))
