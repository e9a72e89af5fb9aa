"""Mean: the mean of the entries of an axis. By permission only.

## What it does
Takes the mean along an axis that the consumer has no place for, or one entry: two channels of sound become one.
Which axis that is its name says (`axes` of both sides), else the places that the consumer has for the others.
Whole numbers are added up as real ones, and rounded to the nearest where the consumer takes whole numbers.

## Example
    tf.reduce_mean(x, axis=1, keepdims=True)    float32[?, 2] -> float32[?, 1]

## What it loses or assumes
Irreversible: the single entries are gone, which the permission allows. That their mean is what the consumer
takes is an assumption. An axis of unknown size is guarded to have an entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.reduced import axis_words, can_be_added, not_empty, reduced_axes, total_along
from sigcheck.transforms.parts.transform import Code

NAME = "mean"
ORDER = 396
BY_PERMISSION = True
REDUCES = True
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset(
    {"kind", "sizes", "axes", "numbers", "colours", "kernels", "dtype", "encoding", "meaning", "ids", "padding"}
)
WRITES: Coordinates = frozenset({"sizes", "dtype", "kernels"})

NUMPY_CALLS = {
    "tf.reduce_mean": NumpyCall(("x", "axis", "keepdims"), "np.mean({x}, axis={axis}, keepdims={keepdims})"),
}
KERAS_CALLS = {"tf.reduce_mean": lambda keras: keras.ops.mean}

# A sum of numbers of as many bytes is exact in float64, whatever their count.
_MOST_BYTES = 4


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the mean along each axis that the consumer has no place for.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("float32[?, 2]"), parse_spec("float32[?]"))]
    ['mean(axis=1)']
    """
    made = _made(spec, required)
    # What fills short rows would be a part of the mean.
    if made is None or not can_be_added(spec.facts) or spec.facts.padding is not None:
        return
    for axis, shape in reduced_axes(spec, required):
        result = spec.replace(dtype=made, shape=shape)
        guard = not_empty(spec, axis)
        yield Step(
            transform=NAME,
            arguments={"axis": axis},
            result=result,
            loss="irreversible",
            assumption=f"the mean of {axis_words(spec, axis)} is what is meant",
            guard=guard,
            cost=Cost(
                assumptions=1,
                guards=int(guard is not None),
                bytes_moved=bytes_moved(spec, result),
                steps=1,
            ),
            reach="axis",
        )


def _made(spec: TensorSpec, required: TensorSpec) -> str | None:
    """The dtype of the mean; None where there is none."""
    dtype = DTYPES[spec.dtype or "variant"]
    if spec.dtype not in ORDERED or required.dtype not in ORDERED:
        return None
    if dtype.kind == "float":
        return spec.dtype if spec.dtype in COMPUTE_DTYPES else COMPUTE_DTYPES[0]
    if spec.dtype == required.dtype and dtype.bytes <= _MOST_BYTES:
        return spec.dtype
    return "float32" if dtype.bytes < _MOST_BYTES and required.dtype != "float64" else "float64"


def is_mixing(step: Step) -> bool:
    """Whether a value of the result is computed from several, and rounds as the largest of them does."""
    return True


def leaves_nan_open(step: Step) -> bool:
    """Whether builds of TensorFlow differ where the reference gives NaN: numbers that are too large in some order."""
    return True


def _computed(spec: TensorSpec, step: Step) -> str:
    """The float in which the mean is taken."""
    is_whole = DTYPES[step.result.dtype or "variant"].kind != "float"
    return "float64" if is_whole else step.result.dtype or "float32"


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.reduce_mean`, of real numbers."""
    axis, computed = step.arguments["axis"], _computed(spec, step)
    message = f'message="axis {axis} has no entry"'
    lines = (
        [] if step.guard is None else [f"tf.debugging.assert_greater_equal(tf.shape({value})[{axis}], 1, {message})"]
    )
    values = value if spec.dtype == computed else f"tf.cast({value}, tf.{computed})"
    mean = f"tf.reduce_mean({values}, axis={axis}, keepdims=True)"
    return Code(
        mean if step.result.dtype == computed else f"tf.cast(tf.round({mean}), tf.{step.result.dtype})", tuple(lines)
    )


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The sum of the entries by their count. Raises GuardError where the axis has none."""
    import numpy as np

    array, axis = dense(value), step.arguments["axis"]
    if not array.shape[axis]:
        raise GuardError(f"axis {axis} has no entry")
    computed = np.dtype(_computed(spec, step))
    with np.errstate(all="ignore"):
        mean = (total_along(array.astype(computed), axis) / array.shape[axis]).astype(computed)
        made: Array = mean if step.result.dtype == computed.name else np.rint(mean).astype(step.result.dtype)
    return made
