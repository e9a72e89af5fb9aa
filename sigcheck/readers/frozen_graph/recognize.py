"""What is a frozen graph: a file that begins with a node."""

from __future__ import annotations

import re

from sigcheck.encodings.content import Content
from sigcheck.encodings.source import Source
from sigcheck.encodings.wire import Span, scan

NAME = "frozen_graph"
ORDER = 20
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
