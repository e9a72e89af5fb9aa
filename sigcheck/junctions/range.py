"""Range: the place of each entry along an axis of an output, for an input that no output is for.

## What it does
Counts the entries of an axis from 0: the row of each box for `box_indices`, positions for `position_ids`. The input
gets the sizes of the output where both have as many axes; else one number for each vector of the output's last axis.

## Example
    --bind 'range(boxes, axis=0)=x'
    tf.cast(tf.range(tf.shape(boxes)[0]), tf.int32)    float32[?, 4] -> int32[?]

## What it loses or assumes
Nothing: that an input is such a count is for somebody to say. A place beyond what the input is declared to take is an
error where the size is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigcheck.junctions.parts.junction import JunctionError, check_axis
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.transform import Code

NAME = "range"
ORDER = 75
# The output gives its sizes, and none of its values.
VALUE_PARTS: tuple[int, ...] | None = ()
NUMPY_CALLS = {
    "tf.broadcast_to": NumpyCall(("x", "shape"), "np.broadcast_to({x}, {shape})"),
    "tf.range": NumpyCall(("count",), "np.arange({count})"),
}
# A functional model has no sizes while it is built.
HAS_KERAS = False

# Places are counted as int32; each of these holds them all.
_DTYPES = frozenset({"int32", "int64", "float64"})


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None: that an input counts entries is for somebody to say.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("int32[?]")], [parse_spec("int32[?]")])
    []
    """
    return []


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], axis: Any) -> tuple[Step, ...]:
    """The places of the entries. Raises JunctionError where there is no such axis, or the input takes no places."""
    (like,), (spec,) = parts, required
    if like.kind != "dense" or like.shape is None:
        raise JunctionError(f"{like} is given, expected a dense tensor of known rank, whose entries are counted")
    if spec.kind != "dense" or spec.shape is None or spec.dtype not in _DTYPES:
        raise JunctionError(f"{spec} is required, expected a dense tensor of {', '.join(sorted(_DTYPES))}")
    rank = len(like.shape)
    along = check_axis(axis, rank)
    shape = like.shape if len(spec.shape) == rank else like.shape[:-1]
    if along >= len(shape):
        raise JunctionError(f"axis {along} of {like} is the vectors of which each gets one number; name one before it")
    size, most = shape[along], spec.facts.id_count
    if size is not None and most is not None and size > most:
        raise JunctionError(f"axis {along} has places up to {size - 1}, and ids below {most} are what the input takes")
    axes = None if like.facts.axes is None else like.facts.axes[: len(shape)]
    result = TensorSpec(dtype=spec.dtype, shape=shape, facts=NO_FACTS if axes is None else Facts(axes=axes))
    step = Step(
        transform=NAME,
        arguments={"axis": along},
        result=result,
        cost=Cost(bytes_moved=bytes_of(result), steps=1),
    )
    return (step,)


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.range`, laid along its axis."""
    axis, shape = step.arguments["axis"], step.result.shape or ()
    sizes = [f"tf.shape({values[0]})[{at}]" if size is None else str(size) for at, size in enumerate(shape)]
    # NumPy counts in another dtype by itself.
    places = f"tf.cast(tf.range({sizes[axis]}), tf.{step.result.dtype})"
    if len(shape) == 1:
        return Code(places)
    laid = ["-1" if at == axis else "1" for at in range(len(shape))]
    return Code(f"tf.broadcast_to(tf.reshape({places}, [{', '.join(laid)}]), [{', '.join(sizes)}])")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The indices of the array along the axis."""
    import numpy as np

    sizes = dense(values[0]).shape[: len(step.result.shape or ())]
    places: Array = np.indices(sizes)[step.arguments["axis"]].astype(numpy_dtype(step.result.dtype or ""))
    return places


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: only their sizes are looked at."""
    return values
