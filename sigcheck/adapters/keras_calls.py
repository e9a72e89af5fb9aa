"""Keras calls: the TensorFlow functions of emitted code, as Keras layers and operations.

Emitted code is run with the namespace below in the place of `tf`, on symbolic tensors, so
that the functional graph that comes out holds built-in layers where there is one, else
operations of `keras.ops`, and a saved file needs nothing but Keras.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sigcheck.schema.dtype import DTYPES
from sigcheck.transforms.parts.forms import NO_CALLS, KerasCall


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

    def reverse(self, x: Any, axis: Sequence[int]) -> Any:
        # One axis at a time: Keras 3.12, the newest for Python 3.10, fails where it is given a tuple of them.
        for one in axis:
            x = self._ops.flip(x, one)
        return x

    def concat(self, values: Sequence[Any], axis: int) -> Any:
        return self._layers.Concatenate(axis, dtype=values[0].dtype)(values)


class _Values:
    """Functions that compute: layers where people know one, else operations."""

    def __init__(self, keras: Any) -> None:
        self._layers, self._ops = keras.layers, keras.ops

    def constant(self, value: Any, dtype: str) -> Any:
        import numpy as np

        if DTYPES[dtype].kind == "string":
            raise UnsupportedError("Keras has no strings to compare or to pad with")
        return np.array(value, dtype)

    def tile(self, x: Any, multiples: Sequence[int]) -> Any:
        import numpy as np

        # Numbers along an axis, which are constants.
        return np.tile(x, multiples)

    def count_nonzero(self, x: Any, axis: int, dtype: str) -> Any:
        return self._ops.cast(self._ops.count_nonzero(x, axis), dtype)


def namespace(own: Mapping[str, KerasCall] = NO_CALLS) -> Any:
    """A stand-in for `tf` whose functions take Keras tensors; `own` are those of one entry. Imports Keras."""
    import keras

    made = _shared(keras)
    for name, call in own.items():
        # `tf.math.log` is the attribute `log` of the attribute `math`.
        *path, last = name.removeprefix("tf.").split(".")
        place = made
        for part in path:
            place = vars(place).setdefault(part, _Namespace())
        vars(place)[last] = call(keras)
    return made


def _shared(keras: Any) -> Any:
    """What entries have in common."""
    ops, shapes, values = keras.ops, _Shapes(keras), _Values(keras)
    dtypes: dict[str, Any] = {name: name for name in DTYPES}
    return _Namespace(
        cast=ops.cast,
        clip_by_value=ops.clip,
        concat=shapes.concat,
        constant=values.constant,
        debugging=_Namespace(),
        image=_Namespace(),
        math=_Namespace(
            count_nonzero=values.count_nonzero,
        ),
        nn=_Namespace(),
        not_equal=ops.not_equal,
        RaggedTensor=_Namespace(),
        reduce_sum=ops.sum,
        repeat=ops.repeat,
        reshape=shapes.reshape,
        reverse=shapes.reverse,
        round=ops.round,
        sparse=_Namespace(),
        strings=_Namespace(),
        tile=values.tile,
        **dtypes,
    )


def _keeps_first(shape: Sequence[int | None], target: Sequence[int]) -> bool:
    """Whether the elements of one entry of the first axis are those of one entry of the result's first axis."""
    return None not in shape[1:] and math.prod(size or 0 for size in shape[1:]) == math.prod(target[1:])
