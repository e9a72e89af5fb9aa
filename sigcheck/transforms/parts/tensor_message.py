"""Tensor message: serialized tensors (`tf.io.serialize_tensor`) by the encoding of protocol buffers.

    TensorProto { DataType dtype = 1; TensorShapeProto tensor_shape = 2 { Dim dim = 2 { int64 size = 1 } }
                  bytes tensor_content = 4 }

(tensor.proto, tensor_shape.proto.) Written as `Tensor::AsProtoTensorContent` does: all values as they lie in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from sigcheck.schema.dtype import DTYPE_BY_NUMBER
from sigcheck.transforms.parts.array import Array, numpy_dtype

_LENGTH, _VARINT = 2, 0
_NUMBERS = {name: number for number, name in DTYPE_BY_NUMBER.items()}
# Their values lie in memory as NumPy's do.
WRITTEN = frozenset(
    {"float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"}
)
_MOST_BITS = 70


class UnreadTensorError(Exception):
    """No serialized tensor, or one that is cut off."""


def write_tensor(array: Array, dtype: str) -> bytes:
    """The message of a dense array of one of the dtypes that are written."""
    sizes = b"".join(_field(2, _tagged(1, size) if size else b"") for size in array.shape)
    content = array.astype(numpy_dtype(dtype)).tobytes()
    return _tagged(1, _NUMBERS[dtype]) + _field(2, sizes) + (_field(4, content) if content else b"")


def _tagged(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH) + _varint(len(data)) + data


def _varint(rest: int) -> bytes:
    written = bytearray()
    while rest > 0x7F:  # noqa: PLR2004  # seven bits a byte
        written.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([*written, rest])


def read_tensor(message: bytes, dtype: str) -> Array:
    """The array of a message of this dtype, as `write_tensor` writes it. Raises UnreadTensorError."""
    import numpy as np

    found, sizes, content = 0, [], b""
    for number, value in _fields(message):
        if number == 1 and isinstance(value, int):
            found = value
        elif number == 2 and isinstance(value, bytes):  # noqa: PLR2004  # the shape
            sizes = [_size(dim) for at, dim in _fields(value) if at == 2 and isinstance(dim, bytes)]  # noqa: PLR2004  # a size
        elif number == 4 and isinstance(value, bytes):  # noqa: PLR2004  # the content
            content = value
    kind = np.dtype(numpy_dtype(dtype))
    if DTYPE_BY_NUMBER.get(found) != dtype:
        raise UnreadTensorError(f"a tensor of {DTYPE_BY_NUMBER.get(found, 'no dtype')}, not of {dtype}")
    if len(content) != prod(sizes) * kind.itemsize:
        raise UnreadTensorError("a tensor that is cut off")
    return np.frombuffer(content, kind).reshape(sizes)


def _size(dim: bytes) -> int:
    return next((value for number, value in _fields(dim) if number == 1 and isinstance(value, int)), 0)


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        value, at = _read_varint(data, at)
        if tag & 7 == _LENGTH and at + value <= len(data):
            yield tag >> 3, data[at : at + value]
            at += value
        elif tag & 7 == _VARINT:
            yield tag >> 3, value
        else:
            raise UnreadTensorError("no serialized tensor")


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, _MOST_BITS, 7):
        if at >= len(data):
            break
        number |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:  # noqa: PLR2004  # the last byte of a number
            return number, at
    raise UnreadTensorError("no serialized tensor")
