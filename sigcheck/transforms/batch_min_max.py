"""Batch min max: scale by the least and greatest value of the batch. By permission only.

## What it does
Stretches each batch so that its least value becomes the lower end of the required range and
its greatest the upper one. A batch of equal values becomes the lower end, not a division by
zero. Used only where the policy allows it by name and the producer's range is not known.

## Example
    tf.math.divide_no_nan(x - tf.reduce_min(x), tf.reduce_max(x) - tf.reduce_min(x))
    float32[?, 8] -> float32[?, 8], range [0, 1]

## What it loses or assumes
Rounding, and always an assumption: the result for one example depends on the other examples
of its batch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, dense
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES, holds
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.padding import loses_filling
from sigcheck.transforms.parts.transform import Code

NAME = "batch_min_max"
ORDER = 140
SETTLES: Coordinates = frozenset({"encoding"})
READS: Coordinates = frozenset({"kind", "dtype", "encoding", "padding"})
WRITES: Coordinates = frozenset({"dtype", "encoding", "padding"})

# What _divide_no_nan does, which NumPy has no function for.
_DIVIDE_NO_NAN = '''
def _divide_no_nan(x, y):
    """Division that gives 0 where the divisor is 0."""
    return np.divide(x, y, out=np.zeros_like(x), where=y != 0)
'''
NUMPY_CALLS = {
    "tf.math.divide_no_nan": NumpyCall(("x", "y"), "_divide_no_nan({x}, {y})", {"_divide_no_nan": _DIVIDE_NO_NAN}),
    "tf.reduce_max": NumpyCall(("x",), "np.max({x}, initial=-np.inf)"),
    "tf.reduce_min": NumpyCall(("x",), "np.min({x}, initial=np.inf)"),
}
# Of no values TensorFlow gives the infinities.
KERAS_CALLS = {
    "tf.math.divide_no_nan": lambda keras: keras.ops.divide_no_nan,
    "tf.reduce_max": lambda keras: partial(keras.ops.max, initial=-math.inf),
    "tf.reduce_min": lambda keras: partial(keras.ops.min, initial=math.inf),
}

# The planner leaves it out unless the policy allows it by name.
BY_PERMISSION = True


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the scaling onto the required range where the provided one is unknown.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> unit = TensorSpec(dtype="float32", shape=(None, 3), facts=Facts(range=(0, 1)))
    >>> [str(step) for step in propose(TensorSpec(dtype="float32", shape=(None, 3)), unit)]
    ['batch_min_max(to=[0, 1])']
    """
    target = required.facts.range
    if spec.kind != "dense" or spec.dtype not in ORDERED or target is None:
        return
    if spec.facts.range or spec.facts.quantization or required.facts.quantization:
        return
    if required.facts.normalization or spec.facts.normalization:
        return
    dtype = spec.dtype if spec.dtype in COMPUTE_DTYPES else COMPUTE_DTYPES[0]
    # What stretches to the range is a number of the dtype, too.
    if not holds(DTYPES[dtype], *target) or not holds(DTYPES[dtype], 0, target[1] - target[0]):
        return
    result = spec.replace(dtype=dtype, facts=spec.facts.replace(range=target, padding=None))
    if loses_filling(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={"to": target},
        result=result,
        loss="rounding",
        assumption="the least and greatest value of each batch are the ends of its range",
        # Two passes for the ends, one to scale.
        cost=Cost(rounding=1, assumptions=1, bytes_moved=3 * bytes_moved(spec, result), steps=1),
    )


def is_mixing(step: Step) -> bool:
    """Whether a value of the result is computed from several, and rounds as the largest of them does."""
    return True


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """Shift, divide without NaN, then stretch to the range."""
    low, high = step.arguments["to"]
    lines = [] if spec.dtype == step.result.dtype else [f"values = tf.cast({value}, tf.{step.result.dtype})"]
    values = value if spec.dtype == step.result.dtype else "values"
    lines += [f"low = tf.reduce_min({values})", f"high = tf.reduce_max({values})"]
    expression = f"tf.math.divide_no_nan({values} - low, high - low)"
    if high - low != 1:
        expression = f"{expression} * {high - low!r}"
    if low != 0:
        expression = f"{expression} {'+' if low > 0 else '-'} {abs(low)!r}"
    return Code(expression, tuple(lines))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The values' place between the least and the greatest, stretched to the range."""
    import numpy as np

    to_low, to_high = step.arguments["to"]
    array = dense(value).astype(step.result.dtype)
    if array.size == 0:
        return array
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = array.min(), array.max()
        share = np.zeros_like(array) if high == low else (array - low) / (high - low)
        # Of a scalar the arithmetic makes a number, which is no array.
        mapped: Array = np.asarray((to_low + share.astype(np.float64) * (to_high - to_low)).astype(array.dtype))
    return mapped
