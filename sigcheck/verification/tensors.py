"""Specs and generated tensors as TensorFlow has them, and back. Imports TensorFlow: for the worker only."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, RaggedArray, SparseArray, Tensor


def type_spec(spec: TensorSpec) -> tf.TypeSpec:
    """TensorFlow's spec of the same tensors; unknown sizes stay unknown.

    Raises TypeError for an unknown dtype.
    """
    dtype = tf.as_dtype(spec.dtype)
    if spec.kind == "sparse":
        return tf.SparseTensorSpec(spec.shape, dtype)
    if spec.kind == "ragged":
        return tf.RaggedTensorSpec(
            spec.shape, dtype, ragged_rank=spec.ragged_rank, row_splits_dtype=tf.as_dtype(spec.row_splits_dtype)
        )
    return tf.TensorSpec(spec.shape, dtype)


def row_spec(rows: TensorSpec) -> tf.TypeSpec:
    """TensorFlow's spec of one row of a whole tensor, for `tf.map_fn`: of a ragged one its sizes may differ."""
    shape = (rows.shape or (None,))[1:]
    if rows.kind == "dense":
        return tf.TensorSpec(shape, rows.dtype)
    splits = tf.as_dtype(rows.row_splits_dtype)
    return tf.RaggedTensorSpec(shape, rows.dtype, ragged_rank=(rows.ragged_rank or 1) - 1, row_splits_dtype=splits)


def to_tensorflow(value: Tensor, spec: TensorSpec) -> Any:
    """The tensor that holds this value."""
    if isinstance(value, SparseArray):
        return tf.SparseTensor(value.indices, tf.constant(value.values, spec.dtype), value.dense_shape)
    if isinstance(value, RaggedArray):
        flat = tf.constant(value.values, spec.dtype)
        # The splits come from cumulative sums: there is nothing to validate.
        return tf.RaggedTensor.from_nested_row_splits(flat, value.row_splits, validate=False)
    return tf.constant(value, spec.dtype)


def from_tensorflow(tensor: Any) -> Tensor:
    """The value of an eager tensor. Raises TypeError for anything else."""
    if isinstance(tensor, tf.SparseTensor):
        return SparseArray(_array(tensor.indices), _array(tensor.values), _array(tensor.dense_shape))
    if isinstance(tensor, tf.RaggedTensor):
        return RaggedArray(_array(tensor.flat_values), tuple(_array(splits) for splits in tensor.nested_row_splits))
    if isinstance(tensor, tf.Tensor):
        return _array(tensor)
    raise TypeError(f"a {type(tensor).__name__}, expected a tensor")


def _array(tensor: tf.Tensor) -> Array:
    # A scalar comes as a NumPy scalar, a string one as bare bytes.
    value = tensor.numpy()
    return np.asarray(value, dtype=object) if tensor.dtype == tf.string else np.asarray(value)
