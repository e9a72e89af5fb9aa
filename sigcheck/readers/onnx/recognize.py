"""What is an ONNX model: a protobuf file with a graph and the operator sets that it is written in."""

from __future__ import annotations

from sigcheck.encodings.content import Content
from sigcheck.encodings.source import Source
from sigcheck.encodings.wire import VARINT, Span, scan

NAME = "onnx"
# Behind the SavedModel, which begins with a version too.
ORDER = 15
ACCEPTS = "an ONNX model (.onnx)"

# ModelProto (onnx/onnx.proto): its graph, and what else it may have. Other messages begin with these bytes too.
_IR_VERSION, GRAPH, _OPERATOR_SETS = 1, 7, 8
_FIELDS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26})
_IR_VERSION_TAG = _IR_VERSION << 3 | VARINT
# Operator sets, functions and properties: a file has a handful.
_MOST_FIELDS = 10_000


def recognizes(source: Source) -> bool:
    """By its name, or a version before a graph and its operator sets."""
    if source.is_directory:
        return False
    if source.path.suffix == ".onnx":
        return True
    if source.head[:1] != bytes([_IR_VERSION_TAG]):
        return False
    with source.content() as content:
        return _is_model(content)


def _is_model(content: Content) -> bool:
    spans: set[int] = set()
    try:
        for count, field in enumerate(scan(content)):
            if field.number not in _FIELDS or count > _MOST_FIELDS:
                return False
            if isinstance(field.value, Span):
                spans.add(field.number)
    except ValueError:
        return False
    return {GRAPH, _OPERATOR_SETS} <= spans
