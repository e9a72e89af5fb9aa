"""TFLite: the signatures of a flatbuffer, else its main subgraph, without an interpreter.

Endpoints stand in the order of the subgraph, which is the order of the interpreter's tensor
details; their names are those of the signature, or the tensors' own where there is none.
Quantization and what the metadata tells become facts that are read, not declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.readers.content import Content
from sigcheck.readers.flatbuffer import Table
from sigcheck.readers.names import distinct_names
from sigcheck.readers.source import Source
from sigcheck.readers.tflite_metadata import TensorFacts, read_metadata
from sigcheck.readers.tflite_tensor import read_tensor
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Model, Note, Signature

NAME = "tflite"
ACCEPTS = "a .tflite file"

_IDENTIFIER = b"TFL3"

# Fields by number (tensorflow/compiler/mlir/lite/schema/schema.fbs).
_SUBGRAPHS, _SIGNATURE_DEFS = 2, 7
_TENSORS, _INPUTS, _OUTPUTS = 0, 1, 2
_SIGNATURE_INPUTS, _SIGNATURE_OUTPUTS, _SIGNATURE_KEY, _SIGNATURE_SUBGRAPH = 0, 1, 2, 4
_MAP_NAME, _MAP_TENSOR = 0, 1

MAX_SIGNATURES = 10_000
MAX_ENDPOINTS = 10_000


def recognizes(source: Source) -> bool:
    """Whether the file has the identifier of TFLite. Files of before 2018 have none and are not read."""
    return source.head[4:8] == _IDENTIFIER


def read(source: Source) -> Model:
    """The signatures under their keys, or the main subgraph under `default`.

    Raises ValueError or IndexError where the file is broken.
    """
    with source.content() as content:
        model = Table.root(content)
        signatures, notes = _read_signatures(model, content)
    return Model(source=source.text, reader=NAME, signatures=tuple(signatures), notes=tuple(notes))


def _read_signatures(model: Table, content: Content) -> tuple[list[Signature], list[Note]]:
    definitions = model.tables(_SIGNATURE_DEFS, MAX_SIGNATURES)
    metadata = read_metadata(model, content)
    notes = list(metadata.notes)
    signatures: list[Signature] = []
    for definition in definitions:
        number = definition.number(_SIGNATURE_SUBGRAPH, "I")
        graph = model.element(_SUBGRAPHS, number)
        inputs, outputs = metadata.of(number)
        sides = (
            _read_side(graph, _INPUTS, _names(definition, _SIGNATURE_INPUTS), inputs),
            _read_side(graph, _OUTPUTS, _names(definition, _SIGNATURE_OUTPUTS), outputs),
        )
        key = definition.text(_SIGNATURE_KEY) or DEFAULT_KEY
        signatures.append(Signature(key=key, inputs=sides[0][0], outputs=sides[1][0]))
        notes += [*sides[0][1], *sides[1][1]]
    if not definitions:
        graph = model.element(_SUBGRAPHS, 0)
        inputs, outputs = metadata.of(0)
        taken, given = _read_side(graph, _INPUTS, None, inputs), _read_side(graph, _OUTPUTS, None, outputs)
        signatures.append(Signature(key=DEFAULT_KEY, inputs=taken[0], outputs=given[0]))
        notes += [*taken[1], *given[1]]
    return signatures, notes


def _names(definition: Table, field: int) -> dict[int, list[str]]:
    """The names of a signature's tensors by their index; one tensor may be given under several names."""
    names: dict[int, list[str]] = {}
    for pair in definition.iterate(field, MAX_ENDPOINTS):
        names.setdefault(pair.number(_MAP_TENSOR, "I"), []).append(pair.text(_MAP_NAME))
    return names


def _read_side(
    graph: Table, field: int, names: dict[int, list[str]] | None, facts: Sequence[TensorFacts]
) -> tuple[tuple[Endpoint, ...], list[Note]]:
    """The inputs or outputs of a subgraph, with the facts of the metadata, which go by their order."""
    indices = [index for index in graph.integers(field, "i", MAX_ENDPOINTS) or () if index >= 0]
    if names is None:
        own = [graph.element(_TENSORS, index).text(3) or f"tensor_{index}" for index in indices]
        wanted = list(zip(distinct_names(own), indices, strict=True))
    else:
        wanted = list(_in_order(indices, names))
    by_index = dict(zip(indices, facts, strict=False))
    endpoints: list[Endpoint] = []
    notes: list[Note] = []
    for name, index in wanted:
        spec, said = read_tensor(graph.element(_TENSORS, index), name, by_index.get(index))
        endpoints.append(Endpoint(name=name, spec=spec))
        notes += said
    return tuple(endpoints), notes


def _in_order(indices: Sequence[int], names: dict[int, list[str]]) -> Iterator[tuple[str, int]]:
    """Yields each name and its tensor, first those of the subgraph's list, then any other."""
    listed = list(dict.fromkeys(indices))
    for index in [*listed, *(index for index in names if index not in set(listed))]:
        for name in names.get(index, ()):
            yield name, index
