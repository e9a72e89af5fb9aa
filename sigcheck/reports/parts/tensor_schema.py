"""Tensors as JSON: the JSON Schema of the nested lists in which servers pass them."""

from __future__ import annotations

from typing import Any

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import UsageError
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.value_range import is_of_raw_values

# Bytes in JSON, as TensorFlow Serving takes and gives them (tensorflow/serving/g3doc/api_rest.md).
_BYTES: dict[str, Any] = {
    "type": "object",
    "properties": {"b64": {"type": "string", "contentEncoding": "base64"}},
    "required": ["b64"],
    "additionalProperties": False,
}


def tensor_schema(end: Endpoint) -> dict[str, Any]:
    """The schema of the values of an input or output: nested lists, axis by axis, with their sizes where known.

    Raises UsageError for what has no such form: a sparse tensor, or one of unknown rank or dtype.
    """
    spec = end.spec
    kind = None if spec.dtype is None else DTYPES[spec.dtype].kind
    if spec.kind == "sparse" or spec.shape is None or kind in {None, "complex", "opaque", "quantized"}:
        problem = f"{spec}, expected a dense or ragged tensor of known rank, of numbers, texts or truth values"
        raise UsageError(end.name, f"{problem}. Show the model as json.")
    schema = _value(end)
    ragged = spec.ragged_rank or 0
    for axis, size in reversed(list(enumerate(spec.shape))):
        sizes = {} if size is None or 0 < axis <= ragged else {"minItems": size, "maxItems": size}
        schema = {"type": "array", "items": schema, **sizes}
    return {"title": end.name, "description": str(spec), **schema}


def object_schema(ends: tuple[Endpoint, ...]) -> dict[str, Any]:
    """The schema of an object with all of them by their names; those that are optional may be left out."""
    return {
        "type": "object",
        "properties": {one.name: tensor_schema(one) for one in ends},
        "required": [one.name for one in ends if not one.optional],
        "additionalProperties": False,
    }


def _value(end: Endpoint) -> dict[str, Any]:
    dtype = DTYPES[end.spec.dtype or ""]
    if dtype.kind == "bool":
        return {"type": "boolean"}
    if dtype.kind == "string":
        return dict(_BYTES) if end.spec.facts.meaning == "bytes" else {"anyOf": [{"type": "string"}, _BYTES]}
    # Of a quantized tensor the range is that of what its values mean, of a normalized one that of what they were.
    facts = end.spec.facts
    is_of_others = facts.quantization is not None or is_of_raw_values(facts)
    low, high = (None, None) if is_of_others or facts.range is None else facts.range
    limits: dict[str, Any] = {} if low is None else {"minimum": low}
    limits |= {} if high is None else {"maximum": high}
    if dtype.kind == "float":
        return {"type": "number", **limits}
    return {"type": "integer", "minimum": dtype.lowest, "maximum": dtype.highest, **limits}
