"""A tensor of a TFLite file: dtype, shape, quantization."""

from __future__ import annotations

import math
from typing import Any

from sigcheck.encodings.flatbuffer import Table
from sigcheck.readers.tflite.metadata import TensorFacts
from sigcheck.schema.budget import spend
from sigcheck.schema.facts import Facts, Quantization
from sigcheck.schema.shape import MAX_RANK, Shape
from sigcheck.schema.signature import Note
from sigcheck.schema.tensor_spec import TensorSpec, is_storable

# Fields by number (schema.fbs).
_SHAPE, _TYPE, _QUANTIZATION, _SIGNATURE, _HAS_RANK = 0, 1, 4, 7, 8
_SCALE, _ZERO_POINT, _AXIS = 2, 3, 6

# TensorType of schema.fbs, by number.
DTYPES = (
    "float32",
    "float16",
    "int32",
    "uint8",
    "int64",
    "string",
    "bool",
    "int16",
    "complex64",
    "int8",
    "float64",
    "complex128",
    "uint64",
    "resource",
    "variant",
    "uint32",
    "uint16",
    "int4",
    "bfloat16",
    "int2",
    "uint4",
)

# Per-axis quantization has a scale for each channel.
_MAX_SCALES = 1 << 20


_STEPS_OF_QUANTIZATION = 20


def read_tensor(tensor: Table, name: str, told: TensorFacts | None) -> tuple[TensorSpec, list[Note]]:
    """The spec of a tensor with its quantization and what the metadata tells of it, and notes."""
    dtype = tensor_dtype(tensor)
    notes: list[Note] = []
    if dtype is None:
        number = tensor.number(_TYPE, "b")
        notes.append(Note(place=name, message=f"tensor type {number} is not known here: a newer TFLite may know it"))
    shape = _read_shape(tensor)
    known: dict[str, Any] = {}
    quantization = read_quantization(tensor, shape)
    if isinstance(quantization, str):
        notes.append(Note(place=name, message=quantization))
    elif quantization is not None and is_storable(dtype):
        # Converters leave scales at floats too, where they mean nothing.
        known["quantization"] = quantization
    if told is not None:
        facts, said = told.for_tensor(name, dtype, shape)
        known |= facts
        notes += said
    facts_read = Facts(**known, origins=dict.fromkeys(known, "read")) if known else Facts()
    return TensorSpec(dtype=dtype, shape=shape, facts=facts_read), notes


def tensor_dtype(tensor: Table) -> str | None:
    """The dtype of a tensor; None where its number is not known here."""
    number = tensor.number(_TYPE, "b")
    return DTYPES[number] if 0 <= number < len(DTYPES) else None


def _read_shape(tensor: Table) -> Shape | None:
    """`shape_signature` where it is: `shape` has 1 for each size that is not known.

    An empty shape is a scalar only where the file says that the rank is known; converters
    of before `has_rank` do not say, and their scalars are of unknown rank here.
    """
    sizes = tensor.integers(_SIGNATURE, "i") or tensor.integers(_SHAPE, "i") or ()
    if not sizes:
        return () if tensor.number(_HAS_RANK, "B") else None
    if len(sizes) > MAX_RANK:
        raise ValueError(f"a tensor of {len(sizes)} axes")
    return tuple(size if size >= 0 else None for size in sizes)


def read_quantization(tensor: Table, shape: Shape | None) -> Quantization | str | None:
    """The quantization, None where there is none, or why it cannot be right."""
    table = tensor.table(_QUANTIZATION)
    scales = table.numbers(_SCALE, "f", _MAX_SCALES) if table is not None else None
    if table is None or not scales:
        return None
    # Each is checked, and kept twice.
    spend(_STEPS_OF_QUANTIZATION + len(scales) // 4)
    zero_points = table.integers(_ZERO_POINT, "q", _MAX_SCALES) or (0,) * len(scales)
    if len(zero_points) == 1:
        zero_points *= len(scales)
    axis = table.number(_AXIS, "i") if len(scales) > 1 else None
    if len(zero_points) != len(scales):
        return f"quantization with {len(scales)} scales and {len(zero_points)} zero points is left out"
    if not all(math.isfinite(scale) and scale > 0 for scale in scales):
        return "quantization with a scale that is not above 0 is left out"
    if axis is not None and shape is not None and not 0 <= axis < len(shape):
        return f"quantization along axis {axis} of {len(shape)} is left out"
    if axis is not None and shape is not None and shape[axis] not in {None, len(scales)}:
        return f"quantization with {len(scales)} scales along an axis of size {shape[axis]} is left out"
    return Quantization(scale=scales, zero_point=zero_points, axis=axis)
