"""Tensor message: serialized tensors (`tf.io.serialize_tensor`) by the encoding of protocol buffers.

    TensorProto { DataType dtype = 1; TensorShapeProto tensor_shape = 2 { Dim dim = 2 { int64 size = 1 } }
                  bytes tensor_content = 4 }

(tensor.proto, tensor_shape.proto.) Written as `Tensor::AsProtoTensorContent` does: all values as they lie in memory.
"""

from __future__ import annotations

from math import prod

from sigcheck.encodings.wire import length_field, small_fields, varint_field
from sigcheck.schema.dtype import DTYPE_BY_NUMBER
from sigcheck.transforms.parts.array import Array, numpy_dtype

# Fields of TensorProto, of TensorShapeProto and of Dim.
_DTYPE, _SHAPE, _CONTENT = 1, 2, 4
_DIM, _SIZE = 2, 1
_NUMBERS = {name: number for number, name in DTYPE_BY_NUMBER.items()}
# Their values lie in memory as NumPy's do.
WRITTEN = frozenset(
    {"float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"}
)


class UnreadTensorError(Exception):
    """No serialized tensor, or one that is cut off."""


def write_tensor(array: Array, dtype: str) -> bytes:
    """The message of a dense array of one of the dtypes that are written."""
    shape = b"".join(length_field(_DIM, varint_field(_SIZE, size) if size else b"") for size in array.shape)
    content = array.astype(numpy_dtype(dtype)).tobytes()
    written = varint_field(_DTYPE, _NUMBERS[dtype]) + length_field(_SHAPE, shape)
    return written + (length_field(_CONTENT, content) if content else b"")


def read_tensor(message: bytes, dtype: str) -> Array:
    """The array of a message of this dtype, as `write_tensor` writes it. Raises UnreadTensorError."""
    import numpy as np

    try:
        number, sizes, content = _parts(message)
    except ValueError:
        raise UnreadTensorError("no serialized tensor") from None
    kind = np.dtype(numpy_dtype(dtype))
    if DTYPE_BY_NUMBER.get(number) != dtype:
        raise UnreadTensorError(f"a tensor of {DTYPE_BY_NUMBER.get(number, 'no dtype')}, not of {dtype}")
    if len(content) != prod(sizes) * kind.itemsize:
        raise UnreadTensorError("a tensor that is cut off")
    return np.frombuffer(content, kind).reshape(sizes)


def _parts(message: bytes) -> tuple[int, list[int], bytes]:
    """The number of the dtype, the sizes and the content of a message."""
    dtype, sizes, content = 0, [], b""
    for number, value in small_fields(message):
        if number == _DTYPE and isinstance(value, int):
            dtype = value
        elif number == _SHAPE and isinstance(value, bytes):
            sizes = [_size(dim) for at, dim in small_fields(value) if at == _DIM and isinstance(dim, bytes)]
        elif number == _CONTENT and isinstance(value, bytes):
            content = value
    return dtype, sizes, content


def _size(dim: bytes) -> int:
    return next((value for number, value in small_fields(dim) if number == _SIZE and isinstance(value, int)), 0)
