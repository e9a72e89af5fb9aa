"""Graph body: the nodes of a GraphDef, or of one function with its arguments and results."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sigcheck.encodings.content import Content
from sigcheck.encodings.wire import CONTINUES, LENGTH, Span, scan, spans
from sigcheck.graph.view import MAX_NODES
from sigcheck.readers.graph_def.function_name import function_name
from sigcheck.readers.graph_def.heads import Heads, TooLargeError

# graph.proto: GraphDef.node, .library; function.proto: FunctionDef.signature, .node_def, .ret, .attr, .control_ret
_GRAPH_NODE, _LIBRARY = 1, 2
_SIGNATURE, _FUNCTION_NODE, _RESULTS, _ATTRIBUTE, _CONTROLS = 1, 3, 4, 5, 6
_FUNCTION = 1
# op_def.proto
_NAME, _INPUT_ARG, _OUTPUT_ARG = 1, 2, 3
_NUMBER_ATTR, _LIST_ATTR = 5, 6
# A name and a dtype: so are almost all arguments. What a handle stands for follows in those that are variables.
_ARGUMENT = re.compile(rb"([\x12\x1a])([\x00-\x7f])\n([\x00-\x7f])([--z]+)\x18[\x00-\x7f]", re.DOTALL)
_HANDLE_TAG = 7 << 3 | LENGTH
# The entry of FunctionDef.attr that says so: _XlaMustCompile, whose AttrValue.b is true.
_COMPILED = b"\x0a\x0f_XlaMustCompile\x12\x02\x28\x01"
# A longer name is none; the bytes of a name are copied.
_MAX_NAME_BYTES = 2**12


@dataclass(frozen=True)
class Body:
    """Nodes by name; for a function its arguments by position and its results in their order.

    `is_plain` is false where an argument or result stands for several tensors: positions do not hold then.
    `asserts` are the names of nodes that run whenever the function does, and seem to assert something. A function that
    `is_compiled` is run by XLA, which asserts nothing, and takes an index beyond the end for the last one.
    """

    nodes: Heads
    arguments: Mapping[bytes, int] = field(default_factory=dict)
    results: tuple[bytes, ...] = ()
    is_plain: bool = True
    asserts: tuple[bytes, ...] = ()
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
    arguments: dict[bytes, int] = {}
    outputs: list[bytes] = []
    results: dict[bytes, bytes] = {}
    asserts: list[bytes] = []
    is_plain, is_compiled = True, False
    for number, part in nodes.add_all(function.start, function.end, _FUNCTION_NODE):
        if number == _SIGNATURE:
            for inner, name, is_single in _arguments(content, part):
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
        elif number == _CONTROLS and is_assert(bytes(content[part.start : part.end])):
            # Whatever has an effect is here, of which assertions alone are looked at.
            name = _text_entry(content, part)[1]
            asserts += [name] if is_assert(name) else []
    given = tuple(results.get(name, b"") for name in outputs)
    return Body(nodes, arguments, given, is_plain, tuple(asserts), is_compiled)


def is_assert(name: bytes) -> bool:
    """Whether a node is called as TensorFlow calls assertions: there are many more that others only wait for."""
    return b"ssert" in name


def _arguments(content: Content, signature: Span) -> Iterator[tuple[int, bytes, bool]]:
    """Yields the arguments and results of a function: the number of the field, its name, whether it is one tensor."""
    data = content if isinstance(content, bytes | mmap.mmap) else b""
    at, end = signature
    while at < end:
        found = _ARGUMENT.match(data, at, end)
        if found is not None:
            tag, size, length, name = found.groups()
            behind, stop = found.end(), at + 2 + size[0]
            is_whole = behind == stop <= end or (
                behind + 2 <= stop <= end
                and data[behind] == _HANDLE_TAG
                and data[behind + 1] < CONTINUES
                and behind + 2 + data[behind + 1] == stop
            )
            if is_whole and length[0] == len(name):
                yield tag[0] >> 3, name, True
                at = stop
                continue
        for inner, part in spans(content, at, end):
            at = part.end
            if inner in {_INPUT_ARG, _OUTPUT_ARG}:
                yield inner, *_argument(content, part)
                break
        else:
            break


def _argument(content: Content, argument: Span) -> tuple[bytes, bool]:
    """The name of an ArgDef, and whether it stands for one tensor."""
    name, is_single = b"", True
    for number, part in scan(content, argument.start, argument.end):
        if number == _NAME and isinstance(part, Span):
            name = _text(content, part)
        elif number in {_NUMBER_ATTR, _LIST_ATTR}:
            is_single = False
    return name, is_single


def _text_entry(content: Content, entry: Span) -> tuple[bytes, bytes]:
    texts = {1: b"", 2: b""}
    for number, part in scan(content, entry.start, entry.end):
        if number in texts and isinstance(part, Span) and part.end - part.start <= _MAX_NAME_BYTES:
            texts[number] = _text(content, part)
    return texts[1], texts[2]


def _text(content: Content, part: Span) -> bytes:
    """Raises ValueError where it is none."""
    text = bytes(content[part.start : part.end])
    text.decode()
    return text
