"""ONNX: the inputs of the main graph less its initializers, and its outputs, under the key `default`.

A size with a name (`dim_param`) keeps it, since one name is one size in all of the model (ONNX IR, static tensor
shapes). Weights are stepped over, those in files of their own never opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sigcheck.encodings.content import Content
from sigcheck.encodings.message import Message, decode
from sigcheck.encodings.source import Source
from sigcheck.encodings.wire import Span, scan
from sigcheck.readers.onnx.messages import ONNX
from sigcheck.readers.onnx.recognize import GRAPH, NAME
from sigcheck.readers.onnx.tensor import Read, kept_sizes, read_type
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.signature import Endpoint, Model, Note, Signature
from sigcheck.schema.size_text import is_name, names_in, parse_size

# Fields by number: ModelProto, GraphProto, TensorProto.
_IR_VERSION, _PROPERTIES = 1, 14
_INITIALIZER, _INPUT, _OUTPUT, _SPARSE_INITIALIZER = 5, 11, 12, 15
_TENSOR_NAME = 8
_SPARSE_VALUES = 1

MAX_ENDPOINTS = 10_000
_MAX_PROPERTIES = 1_000
# Before this version of the format initializers are constants, and listed as inputs for all that.
_OVERRIDABLE_FROM = 4


class _Graph(NamedTuple):
    """What a file says of its main graph: its values, those it has for itself, and what is said of the whole."""

    values: dict[int, list[tuple[str, Message]]]
    given_within: set[str]
    properties: dict[str, str]
    ir_version: int


def read(source: Source) -> Model:
    """The signature under the key `default`. Raises ValueError where the file is broken."""
    found, given_within, properties, _ = _graph(source)
    notes: list[Note] = []
    inputs = tuple(
        _endpoint(name, read_type(written, properties), is_name, notes)
        for name, written in found[_INPUT]
        if name not in given_within
    )
    names = frozenset(one for each in inputs for one in each.sizes or () if isinstance(one, str))

    def is_of_inputs(text: str) -> bool:
        try:
            return names_in(parse_size(text)) <= names
        except ValueError:
            # ONNX takes any text.
            return False

    outputs = tuple(
        _endpoint(name, read_type(written, properties), is_of_inputs, notes) for name, written in found[_OUTPUT]
    )
    return Model(
        source=source.text, reader=NAME, signatures=(Signature(inputs=inputs, outputs=outputs),), notes=tuple(notes)
    )


def read_overridable(source: Source) -> tuple[Endpoint, ...]:
    """The inputs for which the graph has values, and whoever runs it may give others. Raises as `read` does."""
    found, given_within, properties, ir_version = _graph(source)
    named = [one for one in found[_INPUT] if one[0] in given_within] if ir_version >= _OVERRIDABLE_FROM else []
    return tuple(
        Endpoint(name=name, spec=read_type(written, properties).spec, optional=True) for name, written in named
    )


def _graph(source: Source) -> _Graph:
    graphs: list[Span] = []
    properties: dict[str, str] = {}
    ir_version = 0
    with source.content() as content:
        for field in scan(content):
            if field.number == GRAPH and isinstance(field.value, Span):
                graphs.append(field.value)
            elif field.number == _PROPERTIES and isinstance(field.value, Span) and len(properties) < _MAX_PROPERTIES:
                entry = decode("StringStringEntryProto", _bytes(content, field.value), messages=ONNX)
                properties[entry.get("key", "")] = entry.get("value", "")
            elif field.number == _IR_VERSION and isinstance(field.value, int):
                ir_version = field.value
        if len(graphs) != 1:
            raise ValueError("no graph" if not graphs else f"{len(graphs)} graphs")
        return _Graph(*_values(content, graphs[0]), properties, ir_version)


def _values(content: Content, graph: Span) -> tuple[dict[int, list[tuple[str, Message]]], set[str]]:
    """The name and the type of each input and output, and the names of those that the graph has values for itself."""
    found: dict[int, list[tuple[str, Message]]] = {_INPUT: [], _OUTPUT: []}
    initializers: set[str] = set()
    for field in scan(content, graph.start, graph.end):
        if not isinstance(field.value, Span):
            continue
        if field.number in found:
            if len(found[field.number]) == MAX_ENDPOINTS:
                raise ValueError(f"more than {MAX_ENDPOINTS} inputs or outputs")
            spend(STEPS_OF_ENDPOINT)
            value = decode("ValueInfoProto", _bytes(content, field.value), messages=ONNX)
            found[field.number].append((value.get("name", ""), value.get("type", {})))
        elif field.number == _INITIALIZER:
            initializers.update(_names(content, field.value))
        elif field.number == _SPARSE_INITIALIZER:
            for part in scan(content, field.value.start, field.value.end):
                if part.number == _SPARSE_VALUES and isinstance(part.value, Span):
                    initializers.update(_names(content, part.value))
    return found, initializers


def _names(content: Content, tensor: Span) -> Iterator[str]:
    """Yields the name of a tensor, of which the numbers are not looked at."""
    for part in scan(content, tensor.start, tensor.end):
        if part.number == _TENSOR_NAME and isinstance(part.value, Span):
            yield _bytes(content, part.value).decode()


def _bytes(content: Content, span: Span) -> bytes:
    return bytes(content[span.start : span.end])


def _endpoint(name: str, found: Read, is_said: Callable[[str], bool], notes: list[Note]) -> Endpoint:
    """An input or output, whose sizes have the texts that say something; what is not known goes to the notes."""
    if found.problem is not None:
        notes.append(Note(place=name, message=found.problem))
    return Endpoint(name=name, spec=found.spec, sizes=kept_sizes(found.sizes, is_said))
