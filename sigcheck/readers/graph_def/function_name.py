"""The name of a function in the library of a graph, found without reading the function."""

from __future__ import annotations

from sigcheck.encodings.content import Content
from sigcheck.encodings.wire import Span, scan

# Fields by number (function.proto, op_def.proto).
_SIGNATURE, _NAME = 1, 1


def function_name(content: Content, function: Span) -> str | None:
    """The name in the signature of a function; None where it has none."""
    for number, part in scan(content, function.start, function.end):
        if number == _SIGNATURE and isinstance(part, Span):
            for inner, name in scan(content, part.start, part.end):
                if inner == _NAME and isinstance(name, Span):
                    return bytes(content[name.start : name.end]).decode()
    return None
