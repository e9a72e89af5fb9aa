"""The signatures of a TFLite flatbuffer, or its main subgraph where it has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sigcheck.encodings.content import Content
from sigcheck.encodings.flatbuffer import Table
from sigcheck.readers.tflite.metadata import TensorFacts, read_metadata
from sigcheck.readers.tflite.tensor import read_tensor
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Note, Signature

# Fields by number (tensorflow/compiler/mlir/lite/schema/schema.fbs).
_SUBGRAPHS, _SIGNATURE_DEFS = 2, 7
_TENSORS, _INPUTS, _OUTPUTS = 0, 1, 2
_TENSOR_NAME = 3
_SIGNATURE_INPUTS, _SIGNATURE_OUTPUTS, _SIGNATURE_KEY, _SIGNATURE_SUBGRAPH = 0, 1, 2, 4
_MAP_NAME, _MAP_TENSOR = 0, 1

MAX_SIGNATURES = 10_000
MAX_ENDPOINTS = 10_000


def read_signatures(content: Content) -> tuple[list[Signature], list[Note]]:
    """The signatures under their keys, or the main subgraph under `default`, and notes.

    Raises ValueError or IndexError where the file is broken.
    """
    model = Table.root(content)
    metadata = read_metadata(model, content)
    notes = list(metadata.notes)
    signatures: list[Signature] = []
    definitions: list[Table | None] = [*model.iterate(_SIGNATURE_DEFS, MAX_SIGNATURES)]
    for definition in definitions or [None]:
        number = 0 if definition is None else definition.number(_SIGNATURE_SUBGRAPH, "I")
        graph = model.element(_SUBGRAPHS, number)
        taken, given = (
            _read_side(graph, field, None if definition is None else _names(definition, names), facts)
            for field, names, facts in zip(
                (_INPUTS, _OUTPUTS), (_SIGNATURE_INPUTS, _SIGNATURE_OUTPUTS), metadata.of(number), strict=True
            )
        )
        key = "" if definition is None else definition.text(_SIGNATURE_KEY)
        signatures.append(Signature(key=key or DEFAULT_KEY, inputs=taken[0], outputs=given[0]))
        notes += [*taken[1], *given[1]]
    return signatures, notes


class Located(NamedTuple):
    """A signature's subgraph, and the indices of its tensors by the names of its endpoints."""

    subgraph: Table
    inputs: dict[str, int]
    outputs: dict[str, int]


def locate_signature(model: Table, key: str) -> Located:
    """Where the tensors of a signature stand. Raises ValueError where no or no single signature has the key."""
    definitions = [
        one
        for one in model.iterate(_SIGNATURE_DEFS, MAX_SIGNATURES)
        if (one.text(_SIGNATURE_KEY) or DEFAULT_KEY) == key
    ]
    if len(definitions) > 1 or (not definitions and key != DEFAULT_KEY):
        raise ValueError(f"{len(definitions)} signatures of the key {key!r}")
    definition = definitions[0] if definitions else None
    graph = model.element(_SUBGRAPHS, 0 if definition is None else definition.number(_SIGNATURE_SUBGRAPH, "I"))
    inputs, outputs = (
        dict(_wanted(graph, field, None if definition is None else _names(definition, names)))
        for field, names in ((_INPUTS, _SIGNATURE_INPUTS), (_OUTPUTS, _SIGNATURE_OUTPUTS))
    )
    return Located(graph, inputs, outputs)


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
    by_index = dict(zip(_indices(graph, field), facts, strict=False))
    endpoints: list[Endpoint] = []
    notes: list[Note] = []
    for name, index in _wanted(graph, field, names):
        spend(STEPS_OF_ENDPOINT)
        spec, said = read_tensor(graph.element(_TENSORS, index), name, by_index.get(index))
        endpoints.append(Endpoint(name=name, spec=spec))
        notes += said
    return tuple(endpoints), notes


def _indices(graph: Table, field: int) -> list[int]:
    return [index for index in graph.integers(field, "i", MAX_ENDPOINTS) or () if index >= 0]


def _wanted(graph: Table, field: int, names: dict[int, list[str]] | None) -> list[tuple[str, int]]:
    """The name and the tensor of each endpoint; the tensors' own names where no signature names them."""
    indices = _indices(graph, field)
    if names is not None:
        return list(_in_order(indices, names))
    own = [graph.element(_TENSORS, index).text(_TENSOR_NAME) or f"tensor_{index}" for index in indices]
    return list(zip(distinct_names(own), indices, strict=True))


def _in_order(indices: Sequence[int], names: dict[int, list[str]]) -> Iterator[tuple[str, int]]:
    """Yields each name and its tensor, first those of the subgraph's list, then any other."""
    listed = dict.fromkeys(indices)
    for index in [*listed, *(index for index in names if index not in listed)]:
        for name in names.get(index, ()):
            yield name, index
