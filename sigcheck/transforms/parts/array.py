"""What a NumPy reference works on: dense arrays, and ragged and sparse tensors without TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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


def map_values(value: Tensor, change: Callable[[Array], Array]) -> Tensor:
    """The same tensor with its values changed one by one; rows and indices stay."""
    import numpy as np

    if isinstance(value, RaggedArray | SparseArray):
        return replace(value, values=change(value.values))
    # Arithmetic on an array without axes gives a NumPy scalar.
    return np.asarray(change(value))


def numpy_dtype(name: str) -> Any:
    """The NumPy type of a dtype: strings are objects, the narrow floats come from ml_dtypes.

    Raises AttributeError for one that the installed ml_dtypes does not have yet.
    """
    import numpy as np

    if name == "string":
        return np.dtype(object)
    if name.startswith(("bfloat", "float8", "float4", "int4", "uint4", "int2", "uint2")):
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, name))
    return np.dtype(name)


def max_array_rank() -> int:
    """The most axes that an array of the installed NumPy has."""
    import numpy as np

    # https://numpy.org/doc/stable/release/2.0.0-notes.html: NPY_MAXDIMS was 32
    return 64 if int(np.__version__.partition(".")[0]) > 1 else 32


def dense(value: Tensor) -> Array:
    """The value of a step that is proposed for dense specs only.

    Raises TypeError for a ragged or sparse one, which is a mistake of the caller.
    """
    if isinstance(value, RaggedArray | SparseArray):
        raise TypeError(f"a dense array is wanted here, not a {type(value).__name__}")
    return value
