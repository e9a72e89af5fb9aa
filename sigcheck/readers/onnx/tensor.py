"""A tensor of an ONNX model: dtype, shape, the names of its sizes, and what its denotations say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sigcheck.encodings.message import Message
from sigcheck.schema.constraint import NamedSizes
from sigcheck.schema.facts import Facts
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# TensorProto.DataType of onnx.proto, by number, as TensorFlow calls them. It has no float8_e8m0 and no float6.
DTYPES: Mapping[int, str] = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    8: "string",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
    14: "complex64",
    15: "complex128",
    16: "bfloat16",
    17: "float8_e4m3fn",
    18: "float8_e4m3fnuz",
    19: "float8_e5m2",
    20: "float8_e5m2fnuz",
    21: "uint4",
    22: "int4",
    23: "float4_e2m1fn",
    25: "uint2",
    26: "int2",
}

# docs/DimensionDenotation.md. DATA_FEATURE is any axis along which values lie in space: it says no name.
_AXES = {"DATA_BATCH": "batch", "DATA_CHANNEL": "channel", "DATA_TIME": "time"}
# docs/TypeDenotation.md, docs/MetadataProps.md.
_IMAGE = "IMAGE"
_RANGES = {"NominalRange_0_255": (0.0, 255.0), "Normalized_0_1": (0.0, 1.0), "Normalized_1_1": (-1.0, 1.0)}
_ORDERS = {"Gray8": "GRAY", "Rgb8": "RGB", "Bgr8": "BGR", "Rgba8": "RGBA"}

_CONTAINERS = {
    "sequence_type": "a sequence",
    "map_type": "a map",
    "optional_type": "a value that may be none",
    "opaque_type": "a type of its own",
}


class Read(NamedTuple):
    """A value that goes in or out: its spec, the texts of its sizes where it has such, and why it is not known."""

    spec: TensorSpec
    sizes: NamedSizes | None = None
    problem: str | None = None


def read_type(written: Message, properties: Mapping[str, str]) -> Read:
    """What a TypeProto says; `properties` are those of the model. Raises ValueError where it says what no tensor is."""
    for field, what in _CONTAINERS.items():
        if field in written:
            return Read(TensorSpec(dtype=None, shape=None), problem=f"{what}, not a tensor: nothing feeds it")
    kind = "sparse" if "sparse_tensor_type" in written else "dense"
    tensor = written.get("sparse_tensor_type" if kind == "sparse" else "tensor_type")
    if tensor is None:
        return Read(TensorSpec(dtype=None, shape=None), problem="the file does not say its type")
    number = tensor.get("elem_type", 0)
    dtype = DTYPES.get(number)
    problem = None if dtype else f"element type {number} is none that TensorFlow has"
    dimensions = tensor["shape"].get("dim", []) if "shape" in tensor else None
    if dimensions is None:
        return Read(TensorSpec(kind=kind, dtype=dtype, shape=None), problem=problem)
    shape = tuple(_size(one) for one in dimensions)
    facts = _facts(written, dimensions, dtype, properties) if kind == "dense" else {}
    known = Facts(**facts, origins=dict.fromkeys(facts, "read")) if facts else Facts()
    spec = TensorSpec(kind=kind, dtype=dtype, shape=shape, facts=known)
    return Read(spec, _named(shape, dimensions) if kind == "dense" else None, problem)


def kept_sizes(sizes: NamedSizes | None, is_said: Callable[[str], bool]) -> NamedSizes | None:
    """The sizes, without the texts that say nothing; None where none is left that says more than the shape."""
    found = tuple(one if not isinstance(one, str) or is_said(one) else None for one in sizes or ())
    return found if any(isinstance(one, str) for one in found) else None


def _size(dimension: Message) -> int | None:
    size: int | None = dimension.get("dim_value")
    # Exporters write -1 for what is open. What has a size and a name, of which a writer may have one, is open too.
    return None if size is None or size < 0 or dimension.get("dim_param") else size


def _named(shape: Shape, dimensions: list[Message]) -> NamedSizes:
    texts = (one.get("dim_param", "") or None for one in dimensions)
    return tuple(text if size is None else size for size, text in zip(shape, texts, strict=True))


def _facts(
    written: Message, dimensions: list[Message], dtype: str | None, properties: Mapping[str, str]
) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    axes = tuple(_AXES.get(one.get("denotation", "")) for one in dimensions)
    named = [one for one in axes if one is not None]
    if named and len(named) == len(set(named)):
        facts["axes"] = axes
    if written.get("denotation") == _IMAGE and dtype != "string":
        facts["meaning"] = "pixels"
        pixels = _RANGES.get(properties.get("Image.NominalPixelRange", ""))
        order = _ORDERS.get(properties.get("Image.BitmapPixelFormat", ""))
        facts |= {"range": pixels} if pixels else {}
        facts |= {"channel_order": order} if order else {}
    return facts
