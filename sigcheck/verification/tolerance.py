"""Tolerance: by how much two runs of the same models may differ, and by how much they do."""

from __future__ import annotations

from sigcheck.schema.dtype import DTYPES
from sigcheck.transforms.parts.array import Array, RaggedArray, SparseArray, Tensor
from sigcheck.verification.reference import values_of

# TensorFlow's optimizer fuses and reorders what is one graph. The result may differ by so many
# units in the last place of the largest value of its tensor: sums of thousands of terms in
# another order stay within a tenth of it.
UNITS = 64


def tolerance(tensor: Tensor, digits: int | None = None) -> Array | None:
    """For each value, the difference allowed; None where values must be equal, as whole numbers must.

    `digits` are those of the narrowest float that the values come from, where that is not their own.
    """
    import numpy as np

    values = values_of(tensor)
    own = DTYPES.get(str(values.dtype))
    if own is None or own.kind not in {"float", "complex"}:
        return None
    size = np.abs(_wide(values))
    largest = size[np.isfinite(size)].max(initial=0.0)
    return np.full(values.shape, UNITS * 2.0 ** (1 - min(own.digits, digits or own.digits)) * largest)


def spread(first: Tensor, second: Tensor) -> float:
    """The largest difference between two tensors of one type; infinite where it cannot be told."""
    import numpy as np

    one, other = values_of(first), values_of(second)
    if one.dtype.kind == "O" or one.shape != other.shape:
        return float("inf")
    with np.errstate(all="ignore"):
        difference = np.abs(_wide(one) - _wide(other))
    return float(difference[np.isfinite(difference)].max(initial=0.0))


def is_same_type(first: Tensor, second: Tensor) -> bool:
    """Whether two tensors are of one kind, dtype and rank, and dense ones of one shape."""
    one, other = values_of(first), values_of(second)
    if type(first) is not type(second) or one.dtype != other.dtype or one.ndim != other.ndim:
        return False
    return isinstance(first, RaggedArray | SparseArray) or one.shape == other.shape


def has_only_finite(tensor: Tensor) -> bool:
    """Whether no value is NaN or infinite."""
    import numpy as np

    values = values_of(tensor)
    own = DTYPES.get(str(values.dtype))
    return own is None or own.kind not in {"float", "complex"} or bool(np.isfinite(_wide(values)).all())


def _wide(values: Array) -> Array:
    import numpy as np

    return values.astype(np.complex128 if values.dtype.kind == "c" else np.float64)
