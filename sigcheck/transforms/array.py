"""What a NumPy reference works on: dense arrays, and ragged and sparse tensors without TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
else:
    Array = Any


class GuardError(Exception):
    """A guard does not hold for this value: TensorFlow must refuse it too."""


@dataclass(frozen=True, eq=False)
class RaggedArray:
    """`values` is flat; `row_splits`, outermost first, cuts it into rows as in `tf.RaggedTensor`."""

    values: Array
    row_splits: tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class SparseArray:
    """`indices` int64[n, rank] in row-major order, `values` [n], `dense_shape` int64[rank], as in `tf.SparseTensor`."""

    indices: Array
    values: Array
    dense_shape: Array


Tensor: TypeAlias = "Array | RaggedArray | SparseArray"
