"""What is a SavedModel: a folder that holds one of its files, or a file that begins as one."""

from __future__ import annotations

from sigcheck.encodings.content import Content
from sigcheck.encodings.source import Source
from sigcheck.encodings.wire import Span, scan

NAME = "saved_model"
ORDER = 10
ACCEPTS = "a SavedModel folder"

BINARY, TEXT, CHUNKED = "saved_model.pb", "saved_model.pbtxt", "saved_model.cpb"
# SavedModel.saved_model_schema_version is 1 and has never been another.
_HIGHEST_VERSION = 100
# MetaGraphDef: the graph, the saver, collections, signatures, assets and objects.
_BEHIND_META_INFO = range(2, 8)
TEXT_HEAD = b"saved_model_sch"


def recognizes(source: Source) -> bool:
    """A folder that holds the file, or a file of that name or structure."""
    if source.is_directory:
        return any(source.has(name) for name in (BINARY, TEXT, CHUNKED))
    if source.path.name in {BINARY, TEXT, CHUNKED} or source.head.startswith(TEXT_HEAD):
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
