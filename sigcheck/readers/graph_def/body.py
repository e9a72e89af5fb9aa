"""Graph body: the nodes of a GraphDef or of one function, each with its name, operation and inputs only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from sigcheck.encodings.content import Content
from sigcheck.encodings.wire import CONTINUES, LENGTH, PORTION, Span, read_field, read_varint, scan
from sigcheck.graph.view import MAX_NODES
from sigcheck.readers.graph_def.function_name import function_name
from sigcheck.schema.budget import spend

# graph.proto: GraphDef.node, .library; function.proto: FunctionDef.signature, .node_def, .ret, .attr, .control_ret
_GRAPH_NODE, _LIBRARY = 1, 2
_SIGNATURE, _FUNCTION_NODE, _RESULTS, _ATTRIBUTE, _CONTROLS = 1, 3, 4, 5, 6
_FUNCTION = 1
# op_def.proto
_NAME, _INPUT_ARG, _OUTPUT_ARG = 1, 2, 3
_NUMBER_ATTR, _LIST_ATTR = 5, 6
# The tags of NodeDef.name, .op and .input.
_NAME_TAG, _OP_TAG, _INPUT_TAG = 1 << 3 | LENGTH, 2 << 3 | LENGTH, 3 << 3 | LENGTH
# The tags of ArgDef.type and .handle_data.
_TYPE_TAG, _HANDLE_TAG = 3 << 3, 7 << 3 | LENGTH
# The entry of FunctionDef.attr that says so: _XlaMustCompile, whose AttrValue.b is true.
_COMPILED = b"\x0a\x0f_XlaMustCompile\x12\x02\x28\x01"
# A longer name is none; the bytes of a name are copied.
_MAX_NAME_BYTES = 2**12
# A larger node is a constant, or a call with thousands of arguments.
_MAX_COPIED = 2**16
# A tag and a length below 2**56.
_HEADER_BYTES = 10
_BEHIND = bytes(_HEADER_BYTES)


class TooLargeError(ValueError):
    """More nodes than are looked at."""


class Head(NamedTuple):
    """A node without its attributes, where it lies in the file, and where in it what follows its inputs begins."""

    op: str
    inputs: tuple[str, ...]
    span: Span
    behind: int


class Heads:
    """Nodes by name, each read when it is asked for: of most exports half are of saving and restoring."""

    def __init__(self, content: Content) -> None:
        """No nodes yet."""
        self._content = content
        self._spans: dict[str, Span] = {}
        self._read: dict[str, Head] = {}
        self.count = 0

    def add_all(self, start: int, end: int, number: int) -> Iterator[tuple[int, Span]]:
        """Adds the nodes of a message, its fields of this number, by their names; yields its other fields.

        Raises TooLargeError above MAX_NODES, counted as they come, as names may repeat; ValueError as `spans` does.
        """
        content, known, new = self._content, self._spans, tuple.__new__
        at, tag = start, number << 3 | LENGTH
        while at < end:
            # A node, its length in one byte or in two, and the length of its name, which comes first: almost all.
            header = content[at : at + 5]
            if len(header) == 5 and header[0] == tag:  # noqa: PLR2004  # a slice that was not cut short
                if header[1] < CONTINUES:
                    begin, behind = at + 2, at + 2 + header[1]
                    mark, length = header[2], header[3]
                else:
                    begin, behind = at + 3, at + 3 + (header[1] & CONTINUES - 1 | header[2] << 7)
                    mark = header[3] if header[2] < CONTINUES else 0
                    length = header[4]
                name_end = begin + 2 + length
                if mark == _NAME_TAG and length < CONTINUES and name_end <= behind <= end:
                    known[str(content[begin + 2 : name_end], "utf-8")] = new(Span, (begin, behind))
                    self._count()
                    at = behind
                    continue
            for found, span in spans(content, at, end):
                at = span.end
                if found != number:
                    yield found, span
                    continue
                name, read = _head(content, span)
                known[name], self._read[name] = span, read
                self._count()
                break
            else:
                return

    def _count(self) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            raise TooLargeError(f"more than {MAX_NODES} nodes")
        if not self.count % PORTION:
            spend(PORTION)

    def find(self, name: str) -> Head | None:
        """The node of this name, None where there is none. Raises ValueError where it is broken."""
        found = self._read.get(name)
        if found is None:
            span = self._spans.get(name)
            if span is None:
                return None
            last, found = _head(self._content, span)
            if last != name:
                raise ValueError(f"a node called {name!r} and {last!r}")
            self._read[name] = found
        return found


@dataclass(frozen=True)
class Body:
    """Nodes by name; for a function its arguments by position and its results in their order.

    `is_plain` is false where an argument or result stands for several tensors: positions do not hold then.
    `asserts` are the names of nodes that run whenever the function does, and seem to assert something. A function that
    `is_compiled` is run by XLA, which asserts nothing, and takes an index beyond the end for the last one.
    """

    nodes: Heads
    arguments: Mapping[str, int] = field(default_factory=dict)
    results: tuple[str, ...] = ()
    is_plain: bool = True
    asserts: tuple[str, ...] = ()
    is_compiled: bool = False


def read_graph(content: Content, graph: Span) -> tuple[Body, dict[str, Span]]:
    """The nodes of a GraphDef, and where each function of its library lies.

    Raises TooLargeError above MAX_NODES nodes and functions, ValueError where it is broken.
    """
    nodes = Heads(content)
    library: dict[str, Span] = {}
    functions = 0
    for number, part in nodes.add_all(graph.start, graph.end, _GRAPH_NODE):
        if number == _LIBRARY:
            for inner, function in spans(content, part.start, part.end):
                if inner == _FUNCTION:
                    functions += 1
                    if functions > MAX_NODES:
                        raise TooLargeError(f"more than {MAX_NODES} nodes")
                    name = function_name(content, function)
                    if name is not None:
                        library[name] = function
    return Body(nodes), library


def read_function_body(content: Content, function: Span) -> Body:
    """A function of the library. Raises as `read_graph` does."""
    nodes = Heads(content)
    arguments: dict[str, int] = {}
    outputs: list[str] = []
    results: dict[str, str] = {}
    asserts: list[str] = []
    is_plain, is_compiled = True, False
    for number, part in nodes.add_all(function.start, function.end, _FUNCTION_NODE):
        if number == _SIGNATURE:
            for inner, argument in spans(content, part.start, part.end):
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
        elif number == _ATTRIBUTE:
            is_compiled = is_compiled or content[part.start : part.start + len(_COMPILED)] == _COMPILED
        elif number == _CONTROLS:
            # Whatever has an effect is here, of which assertions alone are looked at.
            name = _text_entry(content, part)[1]
            asserts += [name] if is_assert(name) else []
    given = tuple(results.get(name, "") for name in outputs)
    return Body(nodes, arguments, given, is_plain, tuple(asserts), is_compiled)


def is_assert(name: str) -> bool:
    """Whether a node is called as TensorFlow calls assertions: there are many more that others only wait for."""
    return "ssert" in name


def spans(content: Content, start: int, end: int) -> Iterator[tuple[int, Span]]:
    """Yields the length-delimited fields of a message by number: `scan` for thousands of nodes in a row.

    Raises ValueError where the bytes are no message.
    """
    at, steps = start, 0
    new = tuple.__new__
    while at < end:
        steps += 1
        if steps == PORTION:
            spend(PORTION)
            steps = 0
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
            if len(header) > 2 and header[2] < CONTINUES:  # noqa: PLR2004  # a tag and two bytes of its length
                length, begin = length & CONTINUES - 1 | header[2] << 7, at + 3
            else:
                length, used = read_varint(bytes(header), 1)
                begin = at + used
        at = begin + length
        if at > end:
            raise ValueError(f"cut short: {length} bytes announced at byte {begin}, {end - begin} there")
        # Made thousands of times: without the call that checks what is put in.
        yield tag >> 3, new(Span, (begin, at))
    spend(steps)


def _head(content: Content, span: Span) -> tuple[str, Head]:
    start, end = span
    name = op = ""
    inputs: list[str] = []
    # Behind the node stand bytes enough to look for a length, so that none is looked for in vain.
    stop = end - start if end - start <= _MAX_COPIED else 0
    data = bytes(content[start : start + stop]) + _BEHIND
    at = 0
    while at < stop:
        tag, length, more = data[at], data[at + 1], data[at + 2]
        if tag > _INPUT_TAG:
            break
        begin = at + 2
        if length >= CONTINUES:
            if more >= CONTINUES:
                length, begin = read_varint(data, at + 1)
            else:
                length, begin = length & CONTINUES - 1 | more << 7, at + 3
        at = begin + length
        if tag == _INPUT_TAG:
            inputs.append(str(data[begin:at], "utf-8"))
        elif tag == _NAME_TAG:
            name = str(data[begin:at], "utf-8")
        elif tag == _OP_TAG:
            op = str(data[begin:at], "utf-8")
        else:
            at = stop + 1
    behind = start + at
    if not 0 < at <= stop or not _is_behind(data[at:stop]):
        # Large, broken, or not written as TensorFlow writes it.
        name, op, inputs = _scanned_head(content, span)
        behind = start
    return name, Head(op, tuple(inputs), span, behind)


@lru_cache(maxsize=2048)
def _is_behind(fields: bytes) -> bool:
    """Whether this is whole, and nothing of the head of a node is in it: attributes, alike in most of one operation."""
    at, stop = 0, len(fields)
    while at < stop:
        if not _INPUT_TAG < fields[at] < CONTINUES or fields[at] & 7 != LENGTH:
            return False
        length, at = read_varint(fields, at + 1)
        at += length
    return at == stop


def _scanned_head(content: Content, span: Span) -> tuple[str, str, list[str]]:
    texts: dict[int, list[str]] = {1: [], 2: [], 3: []}
    for found in scan(content, span.start, span.end):
        if found.number in texts and isinstance(found.value, Span):
            part = found.value
            if part.end - part.start > _MAX_NAME_BYTES:
                raise ValueError(f"a name of {part.end - part.start} bytes")
            texts[found.number].append(bytes(content[part.start : part.end]).decode())
    return "".join(texts[1][-1:]), "".join(texts[2][-1:]), texts[3]


def _argument(content: Content, argument: Span) -> tuple[str, bool]:
    """The name of an ArgDef, and whether it stands for one tensor."""
    data = bytes(content[argument.start : argument.end]) if argument.end - argument.start < CONTINUES else b""
    if data[:1] == bytes([_NAME_TAG]) and len(data) == data[1] + 4 and data[-2] == _TYPE_TAG:
        # A name and a dtype: so are almost all.
        return data[2:-2].decode(), True
    if data[:1] == bytes([_NAME_TAG]) and data[data[1] + 2 : data[1] + 3] == bytes([_TYPE_TAG]):
        behind = data[data[1] + 4 :]
        if len(behind) > 1 and behind[0] == _HANDLE_TAG and behind[1] == len(behind) - 2:
            # And what a handle stands for: so is every variable.
            return data[2 : data[1] + 2].decode(), True
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
