"""Class forms: what NumPy and Keras have for the index of the greatest score, and for 1 at an index.

NaN is the greatest for NumPy and not for TensorFlow; -0.0 is below 0.0 for Keras, and as great for TensorFlow.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sigcheck.transforms.parts.array import Array
from sigcheck.transforms.parts.forms import NumpyCall

_ARGMAX = '''
def _argmax(x, axis):
    """The first index of the greatest; NaN is greater than nothing."""
    return np.argmax(np.where(np.isnan(x), -np.inf, x) if x.dtype.kind == "f" else x, axis)
'''
_ONE_HOT = '''
def _one_hot(x, count, axis, dtype):
    """A new axis with 1 at the index that the value is, and 0 elsewhere."""
    return np.moveaxis(x[..., np.newaxis] == np.arange(count), -1, axis).astype(dtype)
'''
NUMPY_CALLS = {
    "tf.argmax": NumpyCall(
        ("x", "axis", "output_type"), "_argmax({x}, {axis}).astype({output_type})", {"_argmax": _ARGMAX}
    ),
    "tf.one_hot": NumpyCall(
        ("x", "depth", "axis", "dtype"), "_one_hot({x}, {depth}, {axis}, {dtype})", {"_one_hot": _ONE_HOT}
    ),
}
KERAS_CALLS = {
    "tf.argmax": lambda keras: partial(_argmax_in_keras, keras),
    "tf.one_hot": lambda keras: partial(_one_hot_in_keras, keras),
}


def greatest(scores: Array, axis: int, *, keepdims: bool = False) -> Array:
    """The first index of the greatest score along the axis; NaN is greater than nothing."""
    import numpy as np

    if scores.dtype.kind not in "iu":
        # Narrow floats have no argmax of their own in NumPy; all are exact in float64.
        wide = scores.astype(np.float64)
        scores = np.where(np.isnan(wide), -np.inf, wide)
    return np.asarray(np.argmax(scores, axis=axis, keepdims=keepdims))


def _argmax_in_keras(keras: Any, x: Any, axis: int, output_type: str) -> Any:
    if "float" in x.dtype:
        x = keras.ops.where(keras.ops.equal(x, 0), keras.ops.zeros_like(x), x)
    return keras.ops.cast(keras.ops.argmax(x, axis), output_type)


def _one_hot_in_keras(keras: Any, x: Any, depth: int, axis: int, dtype: str) -> Any:
    # Keras refuses an axis behind the last one by its number.
    return keras.ops.moveaxis(keras.ops.one_hot(x, depth, dtype=dtype), -1, axis)
