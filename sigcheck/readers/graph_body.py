"""Graph body: the nodes of a GraphDef or of one function, each with its name, operation and inputs only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sigcheck.readers.content import Content
from sigcheck.readers.graph_view import MAX_NODES
from sigcheck.readers.wire import CONTINUES, LENGTH, Span, read_field, read_varint, scan

# graph.proto: GraphDef.node, .library; function.proto: FunctionDef.signature, .node_def, .ret
_GRAPH_NODE, _LIBRARY = 1, 2
_SIGNATURE, _FUNCTION_NODE, _RESULTS = 1, 3, 4
_FUNCTION = 1
# op_def.proto
_NAME, _INPUT_ARG, _OUTPUT_ARG = 1, 2, 3
_NUMBER_ATTR, _LIST_ATTR = 5, 6
# The tags of NodeDef.name, .op and .input.
_NAME_TAG, _OP_TAG, _INPUT_TAG = 1 << 3 | LENGTH, 2 << 3 | LENGTH, 3 << 3 | LENGTH
# A longer name is none; the bytes of a name are copied.
_MAX_NAME_BYTES = 2**12
# A larger node is a constant, or a call with thousands of arguments.
_MAX_COPIED = 2**16
# A tag and a length below 2**56.
_HEADER_BYTES = 10


class TooLargeError(ValueError):
    """More nodes than are looked at."""


class Head(NamedTuple):
    """A node without its attributes, and where it lies in the file."""

    op: str
    inputs: tuple[str, ...]
    span: Span


@dataclass(frozen=True)
class Body:
    """Nodes by name; for a function its arguments by position and its results in their order.

    `is_plain` is false where an argument or result stands for several tensors: positions do not hold then.
    """

    nodes: Mapping[str, Head]
    arguments: Mapping[str, int] = field(default_factory=dict)
    results: tuple[str, ...] = ()
    is_plain: bool = True
    is_function: bool = False


def read_graph(content: Content, graph: Span) -> tuple[Body, dict[str, Span]]:
    """The nodes of a GraphDef, and where each function of its library lies.

    Raises TooLargeError above MAX_NODES nodes and functions, ValueError where it is broken.
    """
    nodes: dict[str, Head] = {}
    library: dict[str, Span] = {}
    # Counted as they come, since a broken file may call all of them the same.
    count = 0
    for number, part in _spans(content, graph.start, graph.end):
        if number == _GRAPH_NODE:
            count = _next(count)
            _add_head(nodes, content, part)
        elif number == _LIBRARY:
            for inner, function in _spans(content, part.start, part.end):
                if inner == _FUNCTION:
                    count = _next(count)
                    name = _function_name(content, function)
                    if name is not None:
                        library[name] = function
    return Body(nodes), library


def _next(count: int) -> int:
    if count >= MAX_NODES:
        raise TooLargeError(f"more than {MAX_NODES} nodes")
    return count + 1


def read_function_body(content: Content, function: Span) -> Body:
    """A function of the library. Raises as `read_graph` does."""
    nodes: dict[str, Head] = {}
    arguments: dict[str, int] = {}
    outputs: list[str] = []
    results: dict[str, str] = {}
    is_plain = True
    count = 0
    for number, part in _spans(content, function.start, function.end):
        if number == _FUNCTION_NODE:
            count = _next(count)
            _add_head(nodes, content, part)
        elif number == _SIGNATURE:
            for inner, argument in _spans(content, part.start, part.end):
                if inner in {_INPUT_ARG, _OUTPUT_ARG}:
                    name, is_single = _argument(content, argument)
                    is_plain = is_plain and is_single
                    if inner == _INPUT_ARG:
                        arguments[name] = len(arguments)
                    else:
                        outputs.append(name)
        elif number == _RESULTS:
            key, value = _text_entry(content, part)
            results[key] = value
    return Body(nodes, arguments, tuple(results.get(name, "") for name in outputs), is_plain, is_function=True)


def _spans(content: Content, start: int, end: int) -> Iterator[tuple[int, Span]]:
    """The length-delimited fields of a message: `scan` for thousands of nodes in a row."""
    at = start
    while at < end:
        header = content[at : at + _HEADER_BYTES]
        tag = header[0]
        if tag & 7 != LENGTH or tag >= CONTINUES:
            found, at = read_field(content, at, end)
            if found is not None and isinstance(found.value, Span):
                yield found.number, found.value
            continue
        length, begin = header[1] if len(header) > 1 else CONTINUES, at + 2
        if length >= CONTINUES:
            # Most nodes take from 128 to 16,383 bytes: two of them say so.
            if len(header) > 2 and header[2] < CONTINUES:  # noqa: PLR2004  # as said
                length, begin = length & CONTINUES - 1 | header[2] << 7, at + 3
            else:
                length, used = read_varint(bytes(header), 1)
                begin = at + used
        at = begin + length
        if at > end:
            raise ValueError(f"cut short: {length} bytes announced at byte {begin}, {end - begin} there")
        yield tag >> 3, Span(begin, at)


def _add_head(nodes: dict[str, Head], content: Content, span: Span) -> None:
    start, end = span
    name = op = ""
    inputs: list[str] = []
    data = content[start:end] if end - start <= _MAX_COPIED else b""
    at, stop = 0, len(data)
    while at < stop:
        tag = data[at]
        length = data[at + 1] if at + 1 < stop else CONTINUES
        begin = at + 2
        if length >= CONTINUES:
            length, begin = read_varint(bytes(data[: at + _HEADER_BYTES]), at + 1)
        at = begin + length
        if tag == _INPUT_TAG:
            inputs.append(str(data[begin:at], "utf-8"))
        elif tag == _NAME_TAG:
            name = str(data[begin:at], "utf-8")
        elif tag == _OP_TAG:
            op = str(data[begin:at], "utf-8")
        elif tag >= CONTINUES or tag & 7 != LENGTH:
            break
        if at >= stop:
            break
    if at != stop or not stop:
        # Large, broken, or not written as TensorFlow writes it.
        name, op, inputs = _scanned_head(content, span)
    nodes[name] = Head(op, tuple(inputs), span)


def _scanned_head(content: Content, span: Span) -> tuple[str, str, list[str]]:
    texts: dict[int, list[str]] = {1: [], 2: [], 3: []}
    at = span.start
    while at < span.end:
        found, at = read_field(content, at, span.end)
        if found is not None and found.number in texts and isinstance(found.value, Span):
            part = found.value
            if part.end - part.start > _MAX_NAME_BYTES:
                raise ValueError(f"a name of {part.end - part.start} bytes")
            texts[found.number].append(bytes(content[part.start : part.end]).decode())
    return "".join(texts[1][-1:]), "".join(texts[2][-1:]), texts[3]


def _function_name(content: Content, function: Span) -> str | None:
    for number, part in scan(content, function.start, function.end):
        if number == _SIGNATURE and isinstance(part, Span):
            for inner, name in scan(content, part.start, part.end):
                if inner == _NAME and isinstance(name, Span):
                    return bytes(content[name.start : name.end]).decode()
    return None


def _argument(content: Content, argument: Span) -> tuple[str, bool]:
    """The name of an ArgDef, and whether it stands for one tensor."""
    name, is_single = "", True
    for number, part in scan(content, argument.start, argument.end):
        if number == _NAME and isinstance(part, Span):
            name = bytes(content[part.start : part.end]).decode()
        elif number in {_NUMBER_ATTR, _LIST_ATTR}:
            is_single = False
    return name, is_single


def _text_entry(content: Content, entry: Span) -> tuple[str, str]:
    texts = {1: "", 2: ""}
    for number, part in scan(content, entry.start, entry.end):
        if number in texts and isinstance(part, Span) and part.end - part.start <= _MAX_NAME_BYTES:
            texts[number] = bytes(content[part.start : part.end]).decode()
    return texts[1], texts[2]
