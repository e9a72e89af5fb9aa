"""Number entries: the places of the entries along one axis, as a first entry of another.

## What it does
Puts 0, 1, 2 and so on in front, where the consumer has one entry more along one axis, or leaves its size open and
an example has one more, and another one has several entries of a known number. No size says that numbers are meant:
it is used where an example pair decides, or where the policy allows it by name.

## Example
    ones = tf.ones_like(x[:, :1]); tf.concat([tf.cumsum(ones, axis=0, exclusive=True), x], axis=1)
    int32[5, 2] -> int32[5, 3]

## What it loses or assumes
Nothing is lost. That the first entry is the number of each is an assumption, and the numbers are made up: nobody
gave them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sigcheck.schema.axis_agreement import is_one_axis
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.transform import Code

NAME = "number_entries"
ORDER = 375
BY_EXAMPLE = True
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset(
    {
        *("kind", "sizes", "axes", "colours", "dtype", "encoding"),
        *("meaning", "ids", "boxes", "features", "padding"),
    }
)
WRITES: Coordinates = frozenset({"sizes"})

NUMPY_CALLS = {
    "tf.ones_like": NumpyCall(("x",), "np.ones_like({x})"),
    "tf.reduce_sum": NumpyCall(("x", "axis", "keepdims"), "np.sum({x}, {axis}, {x}.dtype, keepdims={keepdims})"),
    "tf.cumsum": NumpyCall(("x", "axis", "exclusive"), "np.cumsum({x}, {axis}, {x}.dtype) - {x}"),
}
KERAS_CALLS = {
    "tf.ones_like": lambda keras: keras.ops.ones_like,
    "tf.reduce_sum": lambda keras: partial(_sum_in_keras, keras),
    "tf.cumsum": lambda keras: partial(_cumsum_in_keras, keras),
    "tf.concat": lambda keras: keras.ops.concatenate,
}

# The types that numbers of entries have, and how many of them each counts without a gap.
_MOST = {"int32": 2**31, "int64": 2**31, "float32": 2**24, "float64": 2**31}
# A lone entry would have the number 0, which a filling is too.
_LEAST = 2


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the numbers of the entries along each other axis, where one axis is one entry short.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[5, 2]"), parse_spec("int32[5, 3]"))]
    ['number_entries(axis=1, along=0)']
    """
    axis = _short_axis(spec, required)
    if axis is None:
        return
    for along in range(spec.rank or 0):
        step = None if along == axis else _step(spec, axis, along)
        if step is not None:
            yield step


def opened(spec: TensorSpec, step: Step) -> Step | None:
    """The step where the axis may be of any size, which then no result tells from before."""
    return _step(spec, step.arguments["axis"], step.arguments["along"])


def _step(spec: TensorSpec, axis: int, along: int) -> Step | None:
    """The numbers of the entries along one axis, in front of another; None where there are none to be put there."""
    shape = spec.shape or ()
    # What is known of the values need not hold of numbers.
    if spec.kind != "dense" or len(shape) <= max(axis, along) or spec.facts.replace(axes=None) != NO_FACTS:
        return None
    size, count = shape[axis], shape[along]
    if size == 0 or count is None or not _LEAST <= count <= _MOST.get(spec.dtype or "", 0):
        return None
    result = spec.replace(shape=(*shape[:axis], None if size is None else size + 1, *shape[axis + 1 :]))
    return Step(
        transform=NAME,
        arguments={"axis": axis, "along": along},
        result=result,
        assumption=f"the first entry of axis {axis} is the number of each entry of axis {along}, from 0 on",
        cost=Cost(inventions=1, assumptions=1, bytes_moved=bytes_moved(spec, result), steps=1),
    )


def _short_axis(spec: TensorSpec, required: TensorSpec) -> int | None:
    """The axis that is one entry short where all others agree; None where there is none."""
    ours, theirs = spec.shape, required.shape
    if {spec.kind, required.kind} != {"dense"} or ours is None or theirs is None or len(ours) != len(theirs):
        return None
    short = [axis for axis, (size, wanted) in enumerate(zip(ours, theirs, strict=True)) if size != wanted]
    if len(short) != 1 or not is_one_axis(spec, required, short[0]):
        return None
    size, wanted = ours[short[0]], theirs[short[0]]
    return short[0] if size is not None and wanted == size + 1 else None


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """The count of what is before each entry, and the value behind it."""
    axis, along = step.arguments["axis"], step.arguments["along"]
    # An axis of an open size may have no first entry.
    is_open = (spec.shape or ())[axis] is None
    first = f"{value}[{', '.join([*[':'] * axis, ':1'])}]"
    entry = f"tf.reduce_sum({value}, axis={axis}, keepdims=True)" if is_open else first
    counted = f"tf.cumsum(ones, axis={along}, exclusive=True)"
    return Code(f"tf.concat([{counted}, {value}], axis={axis})", (f"ones = tf.ones_like({entry})",))


def _sum_in_keras(keras: Any, x: Any, axis: int, *, keepdims: bool) -> Any:
    return keras.ops.cast(keras.ops.sum(x, axis, keepdims=keepdims), x.dtype)


def _cumsum_in_keras(keras: Any, x: Any, axis: int, *, exclusive: bool) -> Any:
    counted = keras.ops.cumsum(x, axis)
    return counted - x if exclusive else counted


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The value behind its places along an axis."""
    import numpy as np

    array, axis, along = dense(value), step.arguments["axis"], step.arguments["along"]
    shape, count = list(array.shape), array.shape[along]
    shape[axis] = 1
    places = np.arange(count).reshape([count if at == along else 1 for at in range(array.ndim)])
    return np.concatenate([np.broadcast_to(places, shape).astype(array.dtype), array], axis)
