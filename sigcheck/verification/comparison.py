"""Comparison of what an adapter gave with what its plan means."""

from __future__ import annotations

from sigcheck.transforms.parts.array import Array, RaggedArray, SparseArray, Tensor
from sigcheck.transforms.parts.png import UnreadPngError, read_png
from sigcheck.verification.reference import values_of

# Rows and indices are shown up to here.
_WIDTH = 60
_KINDS = {RaggedArray: "a ragged tensor", SparseArray: "a sparse tensor"}


def find_difference(expected: Tensor, actual: Tensor, allowed: Array | None = None) -> str | None:
    """The first difference in words, or None.

    `allowed` is the absolute difference allowed for each value, where it is infinite any value
    at all; without it values must be equal, the sign of zero included. NaN equals NaN.
    """
    import numpy as np

    if type(expected) is not type(actual):
        return f"{_kind(actual)}, expected {_kind(expected)}"
    if isinstance(expected, RaggedArray) and isinstance(actual, RaggedArray):
        if len(expected.row_splits) != len(actual.row_splits):
            return f"ragged rank {len(actual.row_splits)}, expected {len(expected.row_splits)}"
        for axis, (want, got) in enumerate(zip(expected.row_splits, actual.row_splits, strict=True), start=1):
            if not np.array_equal(want, got):
                return f"other rows in axis {axis}: row splits {_short(got)}, expected {_short(want)}"
    if isinstance(expected, SparseArray) and isinstance(actual, SparseArray):
        if not np.array_equal(expected.dense_shape, actual.dense_shape):
            return f"dense shape {_short(actual.dense_shape)}, expected {_short(expected.dense_shape)}"
        if not np.array_equal(expected.indices, actual.indices):
            return f"other indices: {_short(actual.indices)}, expected {_short(expected.indices)}"
    return _between_values(values_of(expected), values_of(actual), allowed)


def _between_values(expected: Array, actual: Array, allowed: Array | None) -> str | None:
    import numpy as np

    if actual.dtype != expected.dtype:
        return f"dtype {actual.dtype}, expected {expected.dtype}"
    if actual.shape != expected.shape:
        return f"shape {list(actual.shape)}, expected {list(expected.shape)}"
    differs = _differing(expected, actual, allowed)
    count = int(np.count_nonzero(differs))
    if count == 0:
        return None
    position = tuple(int(axis) for axis in np.argwhere(differs)[0])
    share = "" if differs.size == 1 else f" ({count} of {differs.size} values differ)"
    limit = "" if allowed is None else f" within {allowed[position]:.3g}"
    return f"{actual[position]!s} at {list(position)}, expected {expected[position]!s}{limit}{share}"


def _differing(expected: Array, actual: Array, allowed: Array | None) -> Array:
    import numpy as np

    if expected.dtype.kind == "O":
        differs = np.asarray(expected != actual, dtype=bool)
        for place in map(tuple, np.argwhere(differs)):
            differs[place] = not _is_same_picture(expected[place], actual[place])
        return differs
    if expected.dtype.kind in "biu":
        if allowed is None:
            return np.asarray(expected != actual)
        return np.asarray(np.abs(expected.astype(np.float64) - actual.astype(np.float64)) > allowed)
    # The narrow floats of ml_dtypes are exact in double precision; float64 and complex stay as they are.
    wide = expected.dtype if expected.dtype.kind in "fc" else np.float64
    want, got = expected.astype(wide), actual.astype(wide)
    both_nan = np.isnan(want) & np.isnan(got)
    with np.errstate(all="ignore"):
        if allowed is None:
            is_equal = (want == got) & (np.signbit(want.real) == np.signbit(got.real))
        else:
            is_equal = (want == got) | (np.abs(want - got) <= allowed) | np.isposinf(allowed)
    return np.asarray(~(is_equal | both_nan))


def _is_same_picture(expected: object, actual: object) -> bool:
    """Whether both are PNG files of the same pixels: encoders pack them otherwise."""
    import numpy as np

    if not (isinstance(expected, bytes) and isinstance(actual, bytes)):
        return False
    try:
        return np.array_equal(read_png(expected), read_png(actual))
    except UnreadPngError:
        return False


def _kind(tensor: Tensor) -> str:
    return _KINDS.get(type(tensor), "a dense tensor")


def _short(array: Array) -> str:
    text = str(array.tolist())
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}..."
