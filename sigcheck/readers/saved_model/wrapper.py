"""Saved graph: the one thing that signatures need of a graph, the call in a signature's wrapper.

A graph may be gigabytes; its library is looked at only where the names of the inputs leave
more than one function to choose from, and then up to a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sigcheck.encodings.content import Content
from sigcheck.encodings.message import Message, decode
from sigcheck.encodings.wire import Span, scan
from sigcheck.readers.graph_def.function_name import function_name
from sigcheck.readers.saved_model.inputs import Call

# About 0.2 s. The largest published exports have some 20,000 nodes and functions; a graph of
# nine million took 3.5 s to walk.
MAX_STEPS = 100_000
# The body of a signature's wrapper is one call and an Identity for each output.
MAX_FUNCTION_BYTES = 4 * 2**20

_LIBRARY, _FUNCTION = 2, 1


def index_functions(content: Content, graph: Span) -> dict[str, Span]:
    """The functions in the library of a graph by their names, as far as MAX_STEPS go."""
    functions = islice(_functions(content, graph), MAX_STEPS)
    return {name: function for function in functions if (name := function_name(content, function)) is not None}


def read_function(content: Content, function: Span) -> Message | None:
    """A function of the library; None where it is too large to be the wrapper of a signature."""
    if function.end - function.start > MAX_FUNCTION_BYTES:
        return None
    return decode("FunctionDef", bytes(content[function.start : function.end]))


def read_call(function: Message) -> Call | None:
    """The one call in the body of a wrapper, its arguments without what it captured."""
    arguments = {argument.get("name", "") for argument in function.get("signature", {}).get("input_arg", ())}
    for node in function.get("node_def", ()):
        called = node.get("attr", {}).get("f", {}).get("func", {}).get("name")
        if called:
            # What is captured comes behind the arguments; unlike them it is fed to the wrapper under other names.
            return Call(called, tuple(name for name in node.get("input", ()) if name in arguments))
    return None


def _functions(content: Content, graph: Span) -> Iterator[Span]:
    for number, part in islice(scan(content, graph.start, graph.end), MAX_STEPS):
        if number == _LIBRARY and isinstance(part, Span):
            for inner, function in scan(content, part.start, part.end):
                if inner == _FUNCTION and isinstance(function, Span):
                    yield function
