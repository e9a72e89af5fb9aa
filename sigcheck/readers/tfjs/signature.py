"""TensorFlow.js: `model.json` of a graph model, by its signature, or of a layers model, by its Keras config.

A graph model's signature stands in `signature`, in `userDefinedMetadata.signature`, or is
missing: then its placeholders are the inputs, and of the outputs only likely names are known.
Endpoints have the names of the signature; `parts` are those of the graph's tensors. Their dtypes are
those that TensorFlow.js runs with, which has fewer than the graph that it was converted from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sigcheck.encodings.json_bytes import parse_bytes
from sigcheck.encodings.source import Source
from sigcheck.readers.tfjs.dtype import read_dtype, written_dtype
from sigcheck.readers.tfjs.recognize import MAX_BYTES, NAME, TOPOLOGY, model_file
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.errors import SourceError
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Model, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

_PLACEHOLDERS = frozenset({"Placeholder", "PlaceholderV2", "PlaceholderWithDefault"})
_CONSTANTS = frozenset({"Const", "NoOp", "Assert"})


def read(source: Source) -> Model:
    """The signature under the key `default`.

    Raises SourceError for a file of more than MAX_BYTES, ValueError or KeyError for a broken one.
    """
    file = model_file(source) or source
    with file.content() as content:
        if len(content) > MAX_BYTES:
            problem = f"{len(content) >> 20} MiB of JSON, expected at most {MAX_BYTES >> 20}"
            raise SourceError(file.place, f"{problem}. Convert the model again with weights in files of their own.")
        data = parse_bytes(bytes(content[:]))
    topology = data[TOPOLOGY]
    config = topology.get("model_config", topology)
    if "class_name" in config:
        from sigcheck.readers.keras.config.model import read_config

        signatures, notes = read_config(config)
    else:
        signatures, notes = _read_graph(data, topology)
    return Model(source=source.text, reader=NAME, signatures=signatures, notes=notes)


def _read_graph(data: Mapping[str, Any], topology: Mapping[str, Any]) -> tuple[tuple[Signature, ...], tuple[Note, ...]]:
    metadata = data.get("userDefinedMetadata") or {}
    for place, found in (("signature", data.get("signature")), ("userDefinedMetadata", metadata.get("signature"))):
        if found and (found.get("inputs") or found.get("outputs")):
            infos = [found.get(side) or {} for side in ("inputs", "outputs")]
            sides = [_read_side(info) for info in infos]
            told = [
                (one, info)
                for ends, of in zip(sides, infos, strict=True)
                for one, info in zip(ends, of.values(), strict=True)
            ]
            notes = [
                Note(place=one.name, message=f"{place} does not say its dtype and shape: unknown")
                for one, _ in told
                if one.spec.dtype is None and one.spec.shape is None
            ]
            notes += _narrowed((one.name, info.get("dtype")) for one, info in told)
            return (Signature(key=DEFAULT_KEY, inputs=sides[0], outputs=sides[1]),), tuple(notes)
    return _read_nodes(topology["node"])


def _read_side(infos: Mapping[str, Mapping[str, Any]]) -> tuple[Endpoint, ...]:
    spend(STEPS_OF_ENDPOINT * len(infos))
    names = distinct_names(_strip(key) for key in infos)
    return tuple(
        Endpoint(name=name, spec=_read_info(info), parts=_parts(name, str(info.get("name", ""))))
        for name, info in zip(names, infos.values(), strict=True)
    )


def _parts(name: str, tensor: str) -> tuple[str, ...]:
    return (tensor,) if tensor and _strip(tensor) != name else ()


def _strip(name: str) -> str:
    """The name without the `:0` of a node's first output, which some converters write and others do not."""
    return name.removesuffix(":0") or name


def _read_info(info: Mapping[str, Any]) -> TensorSpec:
    return TensorSpec(dtype=read_dtype(info.get("dtype")), shape=read_shape(info.get("tensorShape")))


def read_shape(value: Any) -> Shape | None:
    """Sizes are texts, as 64-bit numbers are in protobuf's JSON, or numbers; one that is absent is 0."""
    if value is None or value.get("unknownRank"):
        return None
    sizes = [int(axis.get("size", 0)) for axis in value.get("dim", ())]
    return tuple(size if size >= 0 else None for size in sizes)


def _read_nodes(nodes: list[dict[str, Any]]) -> tuple[tuple[Signature, ...], tuple[Note, ...]]:
    """Placeholders are inputs; nodes that no other consumes are likely outputs, of unknown specs."""
    # Each may become an endpoint.
    spend(STEPS_OF_ENDPOINT * len(nodes))
    consumed = {_strip(name.lstrip("^")).partition(":")[0] for node in nodes for name in node.get("input", ())}
    inputs = tuple(
        Endpoint(name=node["name"], spec=_read_placeholder(node), optional=node["op"] == "PlaceholderWithDefault")
        for node in nodes
        if node["op"] in _PLACEHOLDERS
    )
    outputs = tuple(
        Endpoint(name=node["name"], spec=TensorSpec(dtype=None, shape=None))
        for node in nodes
        if node["name"] not in consumed and node["op"] not in _CONSTANTS | _PLACEHOLDERS
    )
    written = ((node["name"], _placeholder_type(node)) for node in nodes if node["op"] in _PLACEHOLDERS)
    message = "the file has no signature: its outputs are likely the nodes that no other node consumes"
    signature = Signature(key=DEFAULT_KEY, inputs=inputs, outputs=outputs)
    return (signature,), (Note(place="outputs", message=message), *_narrowed(written))


def _read_placeholder(node: Mapping[str, Any]) -> TensorSpec:
    shape = ((node.get("attr") or {}).get("shape") or {}).get("shape")
    return TensorSpec(dtype=read_dtype(_placeholder_type(node)), shape=read_shape(shape))


def _placeholder_type(node: Mapping[str, Any]) -> object:
    return ((node.get("attr") or {}).get("dtype") or {}).get("type")


def _narrowed(written: Iterable[tuple[str, object]]) -> Iterator[Note]:
    """Yields a note for each endpoint whose dtype, as the file writes it, TensorFlow.js does not have."""
    for name, value in written:
        dtype, run = written_dtype(value), read_dtype(value)
        if dtype != run:
            message = f"the file says {dtype}, which TensorFlow.js does not have: it takes and gives {run} in its place"
            yield Note(place=name, message=message)
