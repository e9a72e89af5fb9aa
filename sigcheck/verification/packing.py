"""Packing: tensors as bytes with a description, for the pipe between a worker and its parent.

What a worker sends may come from the code that it runs: it is read as numbers and checked
against its own description, and nothing of it is executed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sigcheck.schema.dtype import DTYPES
from sigcheck.transforms.parts.array import Array, RaggedArray, SparseArray, Tensor, numpy_dtype

# TensorFlow has no tensors of more axes.
_MAX_RANK = 254
_UNSENT = frozenset({"opaque", "quantized"})


def pack_tensors(tensors: Mapping[str, Tensor]) -> tuple[dict[str, Any], bytes]:
    """What each tensor is, as JSON can hold it, and the bytes of all of them.

    Raises ValueError for a dtype whose values are not sent.
    """
    described: dict[str, Any] = {}
    parts: list[bytes] = []
    for name, tensor in tensors.items():
        kind, arrays = _arrays(tensor)
        packed = [_pack(array) for array in arrays]
        described[name] = {"kind": kind, "arrays": [(dtype, shape, len(data)) for dtype, shape, data in packed]}
        parts += [data for _, _, data in packed]
    return described, b"".join(parts)


def unpack_tensors(described: Mapping[str, Any], payload: bytes) -> dict[str, Tensor]:
    """The tensors that were packed. Raises ValueError, KeyError or TypeError for anything else."""
    tensors: dict[str, Tensor] = {}
    at = 0
    for name, one in described.items():
        arrays = []
        for dtype, shape, size in one["arrays"]:
            if type(size) is not int or not 0 <= size <= len(payload) - at:
                raise ValueError(f"{name}: {size!r} bytes of {len(payload) - at}")
            arrays.append(_unpack(dtype, tuple(shape), payload[at : at + size]))
            at += size
        tensors[name] = _tensor(one["kind"], arrays)
    if at != len(payload):
        raise ValueError(f"{len(payload) - at} bytes too many")
    return tensors


def _arrays(tensor: Tensor) -> tuple[str, list[Array]]:
    if isinstance(tensor, RaggedArray):
        return "ragged", [tensor.values, *tensor.row_splits]
    if isinstance(tensor, SparseArray):
        return "sparse", [tensor.indices, tensor.values, tensor.dense_shape]
    return "dense", [tensor]


def _tensor(kind: str, arrays: list[Array]) -> Tensor:
    if kind == "ragged":
        values, *row_splits = arrays
        if not row_splits or any(splits.ndim != 1 or splits.dtype.kind != "i" for splits in row_splits):
            raise ValueError("no row splits")
        return RaggedArray(values, tuple(row_splits))
    if kind == "sparse":
        indices, values, dense_shape = arrays
        if {indices.dtype.kind, dense_shape.dtype.kind} != {"i"} or dense_shape.ndim != 1 or indices.ndim != 2:  # noqa: PLR2004  # [n, rank]
            raise ValueError("no indices")
        return SparseArray(indices, values, dense_shape)
    if kind != "dense":
        raise ValueError(f"no kind {kind!r}")
    (array,) = arrays
    return array


def _pack(array: Array) -> tuple[str, tuple[int, ...], bytes]:
    import numpy as np

    if array.dtype.kind in "OS":
        texts = [bytes(text) for text in array.reshape(-1)]
        lengths = np.asarray([len(text) for text in texts], dtype="<u8")
        return "string", array.shape, lengths.tobytes() + b"".join(texts)
    name = str(array.dtype)
    if name not in DTYPES or DTYPES[name].kind in _UNSENT:
        raise ValueError(f"values of dtype {name} are not sent")
    return name, array.shape, np.ascontiguousarray(array).tobytes()


def _unpack(dtype: str, shape: tuple[int, ...], data: bytes) -> Array:
    import numpy as np

    if len(shape) > _MAX_RANK or any(type(size) is not int or size < 0 for size in shape):
        raise ValueError(f"no shape {shape!r:.80}")
    count = math.prod(shape)
    if dtype == "string":
        if count * 8 > len(data):
            raise ValueError(f"{len(data)} bytes for {count} texts")
        array = np.empty(count, dtype=object)
        array[:] = list(_texts(data, count))
        return array.reshape(shape)
    if dtype not in DTYPES or DTYPES[dtype].kind in _UNSENT:
        raise ValueError(f"no dtype {dtype!r:.80}")
    plain = numpy_dtype(dtype)
    if count * plain.itemsize != len(data):
        raise ValueError(f"{len(data)} bytes for {count} values")
    # A copy: what is read from bytes cannot be written to.
    return np.frombuffer(data, plain).reshape(shape).copy()


def _texts(data: bytes, count: int) -> Iterator[bytes]:
    import numpy as np

    lengths = np.frombuffer(data, "<u8", count).tolist()
    at = count * 8
    if sum(lengths) != len(data) - at:
        raise ValueError("texts of other lengths")
    for length in lengths:
        yield data[at : at + length]
        at += length
