"""KerasTensors: what a symbolic tensor of Keras is, and what people call it. Nothing here imports Keras."""

from __future__ import annotations

from typing import Any

from sigcheck.readers.live.parts.specs import spec_from_type
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.tensor_spec import TensorSpec


def spec_of(tensor: Any) -> TensorSpec:
    """The spec of a KerasTensor."""
    if hasattr(tensor, "type_spec"):
        return spec_from_type(tensor.type_spec) or TensorSpec(dtype=None, shape=None)
    dtype = tensor.dtype if tensor.dtype in DTYPES else None
    shape = None if tensor.shape is None else tuple(tensor.shape)
    if getattr(tensor, "sparse", False):
        return TensorSpec(kind="sparse", dtype=dtype, shape=shape)
    if getattr(tensor, "ragged", False):
        ragged_rank = getattr(tensor, "ragged_rank", None)
        if ragged_rank is None and shape is not None:
            ragged_rank = max(0, len(shape) - 1)
        splits = "int32" if getattr(tensor, "row_splits_dtype", None) == "int32" else "int64"
        return TensorSpec(kind="ragged", dtype=dtype, shape=shape, ragged_rank=ragged_rank, row_splits_dtype=splits)
    return TensorSpec(dtype=dtype, shape=shape)


def layer_name(tensor: Any) -> str:
    """The name of the layer that gives it; where none does, its own."""
    history = getattr(tensor, "_keras_history", None)
    layer = getattr(history, "operation", None) or getattr(history, "layer", None)
    return str(getattr(layer, "name", None) or tensor.name)
