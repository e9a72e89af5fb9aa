"""Specs as TensorFlow writes them into files: dtype numbers, shape messages, type specs."""

from __future__ import annotations

from typing import Any

from sigcheck.encodings.message import Message
from sigcheck.schema.dtype import DTYPE_BY_NUMBER
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# types.proto: the dtype of a reference to a variable is that of its value, plus 100.
_REFERENCE = 100
_HIGHEST_SIZE = 2**63 - 1

# struct.proto, TypeSpecProto.TypeSpecClass
SPARSE_CLASS, RAGGED_CLASS = 1, 3


def read_dtype(number: int) -> str | None:
    """The name of a dtype number; None for DT_INVALID and for numbers that no TensorFlow known here has."""
    return DTYPE_BY_NUMBER.get(number - _REFERENCE if number > _REFERENCE else number)


def read_shape(message: Message | None) -> Shape | None:
    """The shape of a TensorShapeProto; None where it is absent or says that its rank is unknown.

    An empty message is a scalar; an absent size is 0, because proto3 writes no zeros; a size
    of -1 is unknown. Raises ValueError for a size that no axis has.
    """
    if message is None or message.get("unknown_rank", False):
        return None
    sizes = [dim.get("size", 0) for dim in message.get("dim", ())]
    wrong = [size for size in sizes if not -1 <= size <= _HIGHEST_SIZE]
    if wrong:
        raise ValueError(f"an axis of size {wrong[0]}")
    return tuple(None if size == -1 else size for size in sizes)


def read_tensor_info(info: Message) -> TensorSpec:
    """The spec of a TensorInfo, the entry of a signature.

    A ragged tensor stands in `composite_tensor` alone; a sparse one also looks like a
    dense one. A dtype of None is one that the file does not tell.
    """
    composite = info.get("composite_tensor")
    if composite is not None:
        return read_type_spec(composite.get("type_spec", {})) or UNKNOWN
    kind: Any = "sparse" if "coo_sparse" in info else "dense"
    return TensorSpec(kind=kind, dtype=read_dtype(info.get("dtype", 0)), shape=read_shape(info.get("tensor_shape")))


def read_type_spec(message: Message) -> TensorSpec | None:
    """The spec of a TypeSpecProto; None for a type that is no dense, ragged or sparse tensor.

    Raises ValueError where the parts that such a type has are not there.
    """
    state = message.get("type_state", {}).get("tuple_value", {}).get("values", [])
    kind = message.get("type_spec_class", 0)
    if kind == SPARSE_CLASS:
        shape, dtype = _parts(state, 2)
        return TensorSpec(
            kind="sparse",
            dtype=read_dtype(dtype.get("tensor_dtype_value", 0)),
            shape=read_shape(shape.get("tensor_shape_value")),
        )
    if kind == RAGGED_CLASS:
        shape, dtype, ragged_rank, row_splits = _parts(state, 4)
        splits: Any = read_dtype(row_splits.get("tensor_dtype_value", 0))
        return TensorSpec(
            kind="ragged",
            dtype=read_dtype(dtype.get("tensor_dtype_value", 0)),
            shape=read_shape(shape.get("tensor_shape_value")),
            ragged_rank=ragged_rank.get("int64_value", 0),
            row_splits_dtype=splits,
        )
    return None


def _parts(state: list[Message], count: int) -> list[Message]:
    if len(state) < count:
        raise ValueError(f"a type of {len(state)} parts, where it has {count}")
    return state[:count]


# A tensor, or several, of which the file tells nothing that a spec can hold.
UNKNOWN = TensorSpec(dtype=None, shape=None)


def describe_unknown(info: Message) -> str:
    """Why the spec of a TensorInfo has no dtype."""
    type_spec = info.get("composite_tensor", {}).get("type_spec")
    if type_spec is not None and type_spec.get("type_spec_class") not in {SPARSE_CLASS, RAGGED_CLASS}:
        name = type_spec.get("type_spec_class_name") or f"type {type_spec.get('type_spec_class', 0)}"
        return f"{name}: neither a dense nor a ragged nor a sparse tensor."
    number = info.get("dtype", 0)
    return f"dtype number {number}: unknown here." if number else "the file tells no dtype."
