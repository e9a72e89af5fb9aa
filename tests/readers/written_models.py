"""SavedModels written byte by byte, so that readers are tested on files that TensorFlow would not write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sigcheck.encodings.message import TENSORFLOW


def varint(number: int) -> bytes:
    number &= 2**64 - 1
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def length_field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def encode(kind: str, message: dict[str, Any]) -> bytes:
    """The wire format of a message that is written as `decode` would give it."""
    numbers = {field.name: (number, field) for number, field in TENSORFLOW.tables[kind].items()}
    out = b""
    for name, value in message.items():
        number, field = numbers[name]
        if field.form == "map":
            for key, item in value.items():
                out += length_field(number, length_field(1, key.encode()) + length_field(2, encode(field.kind, item)))
            continue
        for item in value if field.form == "many" else [value]:
            if field.kind == "text":
                out += length_field(number, item.encode())
            elif field.kind == "sint":
                out += varint(number << 3) + varint(item << 1 ^ item >> 63)
            elif field.kind in {"int", "bool"}:
                out += varint(number << 3) + varint(int(item))
            else:
                out += length_field(number, encode(field.kind, item))
    return out


def shape(*sizes: int) -> dict[str, Any]:
    return {"dim": [{"size": size} if size else {} for size in sizes]}


def tensor(dtype: int, *sizes: int) -> dict[str, Any]:
    return {"name": "t:0", "dtype": dtype, "tensor_shape": shape(*sizes)}


def saved_model(**signatures: dict[str, Any]) -> dict[str, Any]:
    """A SavedModel of one served meta graph."""
    return {"saved_model_schema_version": 1, "meta_graphs": [meta_graph(["serve"], **signatures)]}


def meta_graph(tags: list[str], **signatures: dict[str, Any]) -> dict[str, Any]:
    return {"meta_info_def": {"tags": tags}, "graph_def": {}, "signature_def": signatures}


SIMPLE = saved_model(serving_default={"inputs": {"x": tensor(1, -1, 10)}, "outputs": {"y": tensor(3, -1)}})

RAGGED = {
    "type_spec_class": 3,
    "type_state": {
        "tuple_value": {
            "values": [
                {"tensor_shape_value": shape(-1, -1, 4)},
                {"tensor_dtype_value": 1},
                {"int64_value": 1},
                {"tensor_dtype_value": 9},
            ]
        }
    },
}
SPARSE = {
    "type_spec_class": 1,
    "type_state": {
        "tuple_value": {"values": [{"tensor_shape_value": shape(-1, 5)}, {"tensor_dtype_value": 1}]},
    },
}


def write_model(folder: Path, model: dict[str, Any] | bytes) -> Path:
    """Writes a SavedModel, given as a message or as bytes, and gives its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    data = model if isinstance(model, bytes) else encode("SavedModel", model)
    (folder / "saved_model.pb").write_bytes(data)
    return folder
