"""Tensor protos: the values of serialized `TensorProto`s (tensor.proto), and the rows that variants of them hold.

A dense tensor has its bytes behind each other. A ragged one is a variant for each of its rows, which has its values in
a field of their dtype (variant_tensor_data.h, ragged_tensor_variant.cc). A sparse one is three: its indices, its values
and its dense shape; or these three for each of its rows (serialize_sparse_op.cc).
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

import numpy as np

from sigcheck.encodings.wire import read_varint
from sigcheck.observation.column import Array
from sigcheck.observation.lists import texts_of
from sigcheck.observation.proto import Tables, message_class
from sigcheck.schema.dtype import DTYPES

_TABLES: Tables = {
    "Dim": {"size": "1 int64"},
    "Shape": {"dim": "2 Dim many"},
    "TensorProto": {
        "dtype": "1 int32",
        "shape": "2 Shape",
        "content": "4 bytes",
        "floats": "5 float many",
        "doubles": "6 double many",
        "ints": "7 int32 many",
        "strings": "8 bytes many",
        "int64s": "10 int64 many",
        "bools": "11 bool many",
        "halves": "13 int32 many",
        "uint32s": "16 uint32 many",
        "uint64s": "17 uint64 many",
    },
    "Variant": {"type_name": "1 bytes", "tensors": "3 TensorProto many"},
}
_STRING, _VARIANT = 7, 21
# NumPy's own limit; the product of thousands of sizes would be a number of megabytes.
_MOST_AXES = 64
_RAGGED, _TENSOR = b"RaggedTensorVariant", b"tensorflow::Tensor"
# The parts of a sparse tensor.
_SPARSE_PARTS = 3
_MOST_SPARSE_AXES = 2
# Rows without an entry take no bytes: a small file of many such batches would be read for hours.
_MOST_ROWS = 1 << 16
_NAMES = {dtype.number: dtype.name for dtype in DTYPES.values()}
# The field that has the values of a dtype, and the dtype that they have there.
_FIELDS = {
    "float32": ("floats", "float32"),
    "float64": ("doubles", "float64"),
    **dict.fromkeys(("int32", "int16", "int8", "uint16", "uint8"), ("ints", "int32")),
    "int64": ("int64s", "int64"),
    "bool": ("bools", "bool"),
    **dict.fromkeys(("float16", "bfloat16"), ("halves", "int32")),
    "uint32": ("uint32s", "uint32"),
    "uint64": ("uint64s", "uint64"),
}


class BatchOfRowsError(ValueError):
    """A batch of sparse rows, where one row was expected."""


class SparseRows(NamedTuple):
    """The entries of rows, one row behind the other, how many each has, and their dense shapes, of one rank."""

    values: Array
    lengths: Array
    sizes: list[tuple[int, ...]]


def array_of(record: bytes) -> Array:
    """The values of a dense tensor. Raises ValueError, or what protobuf does, for what is none."""
    return _array(_message("TensorProto").FromString(record))


def rows_of(record: bytes) -> list[Array]:
    """The rows of a ragged tensor, each of at least one axis: one where it is a row itself. Raises as `array_of`."""
    tensor = _message("TensorProto").FromString(record)
    if tensor.dtype != _VARIANT:
        raise ValueError("no variant")
    variant = _message("Variant")
    return [_row(variant.FromString(text)) for text in _texts(tensor.content, prod(_shape(tensor)))]


def sparse_rows_of(record: bytes, *, is_batched: bool) -> SparseRows:
    """The one row that a sparse tensor is, or with `is_batched` the rows that it has. Raises as `array_of`.

    Raises BatchOfRowsError for rows of a batch without it.
    """
    tensor = _message("TensorProto").FromString(record)
    shape = _shape(tensor)
    if tensor.dtype != _VARIANT or shape[-1:] != (_SPARSE_PARTS,) or len(shape) > _MOST_SPARSE_AXES:
        raise ValueError("no sparse tensor")
    if len(shape) > 1 and not is_batched:
        raise BatchOfRowsError
    variant = _message("Variant")
    parts = [_part(variant.FromString(text)) for text in _texts(tensor.content, prod(shape))]
    rows = [_entries(*parts[at : at + _SPARSE_PARTS]) for at in range(0, len(parts), _SPARSE_PARTS)]
    if not is_batched or len(shape) > 1:
        own = [values for _, values, _ in rows]
        if len({(one.dtype, len(sizes)) for _, one, sizes in rows}) != 1:
            raise ValueError("rows of several dtypes or ranks")
        lengths = np.array([len(one) for one in own], np.int64)
        return SparseRows(np.concatenate(own), lengths, [sizes for _, _, sizes in rows])
    ((indices, values, sizes),) = rows
    if sizes[0] > max(_MOST_ROWS, len(values)):
        raise ValueError("more rows than are read at a time")
    order = np.argsort(indices[:, 0], kind="stable")
    return SparseRows(values[order], np.bincount(indices[:, 0], minlength=sizes[0]), [sizes[1:]] if sizes[0] else [])


def _part(variant: Any) -> Array:
    if variant.type_name != _TENSOR or len(variant.tensors) != 1:
        raise ValueError("no tensor")
    return _array(variant.tensors[0])


def _entries(indices: Array, values: Array, shape: Array) -> tuple[Array, Array, tuple[int, ...]]:
    """What says all of a sparse tensor. Raises ValueError for what does not fit together."""
    if shape.ndim != 1 or not len(shape) or indices.shape != (*values.shape, len(shape)) or values.ndim != 1:
        raise ValueError("other indices than entries")
    # Where there is no entry, no index is beyond them.
    if len(shape) > _MOST_AXES or (shape < 0).any():
        raise ValueError("no shape of an array")
    if indices.dtype != np.int64 or shape.dtype != np.int64 or ((indices < 0) | (indices >= shape)).any():
        raise ValueError("indices beyond the shape")
    return indices, values, tuple(shape.tolist())


def _row(variant: Any) -> Array:
    if variant.type_name != _RAGGED or len(variant.tensors) != 1:
        raise ValueError("no row of values")
    found = _array(variant.tensors[0])
    if not found.ndim:
        raise ValueError("a scalar")
    return found


@lru_cache(maxsize=2)
def _message(name: str) -> Any:
    return message_class(f"sigcheck_{name.lower()}", _TABLES, name)


def _shape(tensor: Any) -> tuple[int, ...]:
    shape = tuple(dim.size for dim in tensor.shape.dim)
    if len(shape) > _MOST_AXES or any(size < 0 for size in shape):
        raise ValueError("more axes than an array has, or an open size")
    return shape


def _array(tensor: Any) -> Array:
    """The values of a TensorProto. Raises ValueError for what is none, or has its values elsewhere."""
    shape = _shape(tensor)
    count = prod(shape)
    if tensor.dtype == _STRING:
        texts = _texts(tensor.content, count) if tensor.content or not count else list(tensor.strings)
        _require_all(len(texts), count)
        return texts_of(texts).reshape(shape)
    name = _NAMES.get(tensor.dtype, "object")
    dtype = _dtype(name)
    if tensor.content or name not in _FIELDS:
        _require_all(len(tensor.content), count * dtype.itemsize)
        return np.frombuffer(tensor.content, dtype).reshape(shape)
    field, wide = _FIELDS[name]
    values = np.array(getattr(tensor, field), wide)
    _require_all(len(values), count)
    if field == "halves":
        return values.astype(np.uint16).view(dtype).reshape(shape)
    return values.astype(dtype).reshape(shape)


def _require_all(found: int, expected: int) -> None:
    """Raises ValueError for another number: values that are left out are no bound of what is held."""
    if found != expected:
        raise ValueError("other numbers of values than the shape has")


def _dtype(name: str) -> np.dtype[Any]:
    import ml_dtypes  # noqa: F401  # NumPy knows the names of narrow floats once it is imported

    try:
        found = np.dtype(name)
    except TypeError:
        raise ValueError("a dtype without numbers") from None
    if found.hasobject:
        raise ValueError("a dtype without numbers")
    return found


def _texts(content: bytes, count: int) -> list[bytes]:
    """Texts: the length of each as a varint, then all of them."""
    if count > len(content):
        raise ValueError("more texts than bytes")
    lengths, at = [], 0
    for _ in range(count):
        length, at = read_varint(content, at)
        lengths.append(length)
    if sum(lengths) != len(content) - at:
        raise ValueError("texts of other lengths")
    texts = []
    for length in lengths:
        texts.append(content[at : at + length])
        at += length
    return texts
