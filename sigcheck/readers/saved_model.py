"""SavedModel: a folder with `saved_model.pb` or `saved_model.pbtxt`, or that file alone.

Read by scanning the wire format: the graph, which may be gigabytes, is one field and is
stepped over. What the signatures leave open (call order, ragged and sparse inputs, dict
keys) is looked up in the object graph. A model without signatures shows its traced functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sigcheck.readers.content import Content
from sigcheck.readers.source import Source
from sigcheck.readers.wire import Span, scan
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Model, Note, Signature

if TYPE_CHECKING:
    from sigcheck.readers.meta_graph import MetaGraph

NAME = "saved_model"
ACCEPTS = "a SavedModel folder"

BINARY, TEXT, CHUNKED = "saved_model.pb", "saved_model.pbtxt", "saved_model.cpb"

# SavedModel.saved_model_schema_version is 1 and has never been another.
_HIGHEST_VERSION = 100
# MetaGraphDef: the graph, the saver, collections, signatures, assets and objects.
_BEHIND_META_INFO = range(2, 8)
_TEXT_HEAD = b"saved_model_sch"


def recognizes(source: Source) -> bool:
    """A folder that holds the file, or a file of that name or structure."""
    if source.is_directory:
        return any(source.has(name) for name in (BINARY, TEXT, CHUNKED))
    if source.path.name in {BINARY, TEXT, CHUNKED} or source.head.startswith(_TEXT_HEAD):
        return True
    if not source.head:
        return False
    with source.content() as content:
        return is_saved_model(content)


def is_saved_model(content: Content) -> bool:
    """Whether a binary file begins as a SavedModel does: a version, then a meta graph that begins with its tags.

    A frozen graph begins with a node, `fingerprint.pb` with numbers alone, and a Core ML model with a
    version and its inputs and outputs; all of them decode as a SavedModel without an error.
    """
    try:
        fields = scan(content)
        first = next(fields, None)
        if first is not None and first.number == 1 and isinstance(first.value, int):
            if first.value > _HIGHEST_VERSION:
                return False
            first = next(fields, None)
        if first is None or first.number != 2 or not isinstance(first.value, Span):  # noqa: PLR2004  # SavedModel.meta_graphs
            return False
        inside = scan(content, first.value.start, first.value.end)
        inner, behind = next(inside, None), next(inside, None)
    except ValueError:
        return False
    if inner is None or inner.number != 1 or not isinstance(inner.value, Span):
        return False
    return behind is None or behind.number in _BEHIND_META_INFO


def read(source: Source) -> Model:
    """All signatures of all meta graphs.

    Raises SourceError for what is no such file, ValueError and the like for a broken one.
    """
    file = source if not source.is_directory else source.child(BINARY) or source.child(TEXT) or source.child(CHUNKED)
    if file is None or file.path.name == CHUNKED:
        raise SourceError(source.place, f"a chunked {CHUNKED}, expected {BINARY}. Export it without chunking.")
    # Only for a file of this format: recognizing one among others costs no import.
    from sigcheck.readers.meta_graph import DecodedMetaGraph, scan_meta_graphs
    from sigcheck.readers.saved_signatures import read_signatures

    with file.content() as content:
        if file.path.suffix == ".pbtxt" or file.head.startswith(_TEXT_HEAD):
            from sigcheck.readers.text_format import parse_message

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
