"""Constants of a TFLite file: the shape of each, and the numbers of the few that are small."""

from __future__ import annotations

import math
import struct

from sigcheck.encodings.flatbuffer import Table
from sigcheck.graph.view import Constant
from sigcheck.readers.graph_def.attributes import CODES, MAX_CONSTANT_BYTES, constant
from sigcheck.schema.shape import MAX_RANK

# Fields by number (schema.fbs).
_SHAPE, _SPARSITY = 0, 6
_DATA, _OFFSET, _SIZE = 0, 1, 2


def read_constant(tensor: Table, buffer: Table, dtype: str | None, *, is_quantized: bool) -> Constant:
    """The constant of a tensor; without numbers where it is large, packed, sparse or quantized.

    Of a quantized one the dtype is that of the real numbers that it stands for. Raises ValueError where it is broken.
    """
    shape = tensor.integers(_SHAPE, "i") or ()
    if len(shape) > MAX_RANK or any(size < 0 for size in shape):
        raise ValueError(f"a constant of shape {list(shape)[:MAX_RANK]}")
    if is_quantized:
        return Constant("float32", shape)
    code = CODES.get(dtype or "")
    size = math.prod(shape) * struct.calcsize(code or "B")
    if code is None or size > MAX_CONSTANT_BYTES or tensor.table(_SPARSITY) is not None:
        return Constant(dtype, shape)
    data = _data(buffer, size)
    return (
        Constant(dtype, shape)
        if data is None
        else constant(dtype, shape, list(struct.unpack(f"<{math.prod(shape)}{code}", data)))
    )


def has_data(buffer: Table) -> bool:
    """Whether a buffer holds the values of a constant: within the file, or behind the flatbuffer."""
    return buffer.count(_DATA) > 0 or buffer.number(_SIZE, "Q") > 1


def _data(buffer: Table, size: int) -> bytes | None:
    """The bytes of a buffer, where there are as many as the shape needs."""
    if buffer.count(_DATA):
        return buffer.data(_DATA, size) if buffer.count(_DATA) == size else None
    start, length = buffer.number(_OFFSET, "Q"), buffer.number(_SIZE, "Q")
    if length != size or start + length > len(buffer.content):
        return None
    return bytes(buffer.content[start : start + length])
