"""Keras calls: the TensorFlow functions of emitted code, as Keras layers and operations.

Emitted code is run with the namespace below in the place of `tf`, on symbolic tensors, so
that the functional graph that comes out holds built-in layers where there is one, else
operations of `keras.ops`, and a saved file needs nothing but Keras.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate
from types import SimpleNamespace
from typing import Any

from sigcheck.schema.dtype import DTYPES


class UnsupportedError(Exception):
    """Keras has nothing for a call: the message says which."""


def _refuse(name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise UnsupportedError(f"Keras has nothing for {name}")

    return refuse


class _Namespace(SimpleNamespace):
    """What is not listed raises UnsupportedError when it is called."""

    def __getattr__(self, name: str) -> Any:
        return _refuse(f"tf.{name}")


class _Shapes:
    """Functions that move elements. Layers keep the first axis, whatever its size: operations do the rest."""

    def __init__(self, keras: Any) -> None:
        self._layers, self._ops = keras.layers, keras.ops

    def reshape(self, x: Any, shape: Sequence[int]) -> Any:
        if not hasattr(x, "_keras_history"):
            return x.reshape(shape)
        target = tuple(shape)
        # The layer works out one size more.
        if x.shape[0] is None and target[0] == -1 and _keeps_first(x.shape, target):
            return self._layers.Reshape(target[1:], dtype=x.dtype)(x)
        return self._ops.reshape(x, target)

    def expand_dims(self, x: Any, axis: int) -> Any:
        shape = [*x.shape[:axis], 1, *x.shape[axis:]]
        if axis > 0 and x.shape[0] is None and None not in shape[1:]:
            return self._layers.Reshape(shape[1:], dtype=x.dtype)(x)
        return self._ops.expand_dims(x, axis)

    def squeeze(self, x: Any, axis: Sequence[int]) -> Any:
        shape = [size for at, size in enumerate(x.shape) if at not in axis]
        if 0 not in axis and x.shape[0] is None and None not in shape[1:]:
            return self._layers.Reshape(shape[1:], dtype=x.dtype)(x)
        return self._ops.squeeze(x, tuple(axis))

    def transpose(self, x: Any, perm: Sequence[int]) -> Any:
        if perm[0] == 0 and len(perm) > 1:
            return self._layers.Permute(tuple(perm[1:]), dtype=x.dtype)(x)
        return self._ops.transpose(x, tuple(perm))

    def reverse(self, x: Any, axis: Sequence[int]) -> Any:
        return self._ops.flip(x, tuple(axis))

    def concat(self, values: Sequence[Any], axis: int) -> Any:
        return self._layers.Concatenate(axis, dtype=values[0].dtype)(values)

    def split(self, x: Any, sizes: Sequence[int], axis: int) -> Any:
        return self._ops.split(x, tuple(accumulate(sizes))[:-1], axis)

    def pad(self, x: Any, paddings: Sequence[Sequence[int]], constant_values: Any = 0) -> Any:
        amounts = tuple((int(before), int(behind)) for before, behind in paddings)
        number = getattr(constant_values, "item", lambda: constant_values)()
        if number == 0 and x.dtype.startswith("float") and amounts[0] == amounts[-1] == (0, 0):
            if len(amounts) == 3:  # noqa: PLR2004  # batch, steps, features
                return self._layers.ZeroPadding1D(amounts[1], dtype=x.dtype)(x)
            if len(amounts) == 4:  # noqa: PLR2004  # batch, height, width, channels
                layer = self._layers.ZeroPadding2D(amounts[1:3], data_format="channels_last", dtype=x.dtype)
                return layer(x)
        return self._ops.pad(x, amounts, mode="constant", constant_values=number)

    def resize(self, x: Any, size: Sequence[int], method: str) -> Any:
        layer = self._layers.Resizing(*size, interpolation=method, data_format="channels_last", dtype=x.dtype)
        return layer(x)


class _Values:
    """Functions that compute: layers where people know one, else operations."""

    def __init__(self, keras: Any) -> None:
        self._layers, self._ops = keras.layers, keras.ops

    def constant(self, value: Any, dtype: str) -> Any:
        import numpy as np

        if DTYPES[dtype].kind == "string":
            raise UnsupportedError("Keras has no strings to compare or to pad with")
        return np.array(value, dtype)

    def argmax(self, x: Any, axis: int, output_type: str) -> Any:
        return self._ops.cast(self._ops.argmax(x, axis), output_type)

    def count_nonzero(self, x: Any, axis: int, dtype: str) -> Any:
        return self._ops.cast(self._ops.count_nonzero(x, axis), dtype)

    def one_hot(self, x: Any, depth: int, axis: int, dtype: str) -> Any:
        return self._ops.one_hot(x, depth, axis=axis, dtype=dtype)

    def log_sigmoid(self, x: Any) -> Any:
        return self._layers.Activation("log_sigmoid", dtype=x.dtype)(x)

    def sigmoid(self, x: Any) -> Any:
        return self._layers.Activation("sigmoid", dtype=x.dtype)(x)

    def softmax(self, x: Any, axis: int) -> Any:
        return self._layers.Softmax(axis, dtype=x.dtype)(x)

    # Of no values TensorFlow gives the infinities.
    def reduce_max(self, x: Any) -> Any:
        return self._ops.max(x, initial=-math.inf)

    def reduce_min(self, x: Any) -> Any:
        return self._ops.min(x, initial=math.inf)


def namespace() -> Any:
    """A stand-in for `tf` whose functions take Keras tensors. Imports Keras."""
    import keras

    ops, shapes, values = keras.ops, _Shapes(keras), _Values(keras)
    dtypes: dict[str, Any] = {name: name for name in DTYPES}
    return _Namespace(
        argmax=values.argmax,
        cast=ops.cast,
        clip_by_value=ops.clip,
        concat=shapes.concat,
        constant=values.constant,
        debugging=_Namespace(),
        expand_dims=shapes.expand_dims,
        image=_Namespace(resize=shapes.resize),
        math=_Namespace(
            count_nonzero=values.count_nonzero,
            divide_no_nan=ops.divide_no_nan,
            exp=ops.exp,
            log=ops.log,
            log_sigmoid=values.log_sigmoid,
            sigmoid=values.sigmoid,
        ),
        nn=_Namespace(log_softmax=ops.log_softmax, softmax=values.softmax),
        not_equal=ops.not_equal,
        one_hot=values.one_hot,
        pad=shapes.pad,
        RaggedTensor=_Namespace(),
        reduce_max=values.reduce_max,
        reduce_min=values.reduce_min,
        reduce_sum=ops.sum,
        repeat=ops.repeat,
        reshape=shapes.reshape,
        reverse=shapes.reverse,
        round=ops.round,
        sparse=_Namespace(),
        split=shapes.split,
        squeeze=shapes.squeeze,
        stack=ops.stack,
        strings=_Namespace(),
        transpose=shapes.transpose,
        unstack=ops.unstack,
        **dtypes,
    )


def _keeps_first(shape: Sequence[int | None], target: Sequence[int]) -> bool:
    """Whether the elements of one entry of the first axis are those of one entry of the result's first axis."""
    return None not in shape[1:] and math.prod(size or 0 for size in shape[1:]) == math.prod(target[1:])
