"""Repad: fill short rows with another value, or on the other side.

## What it does
Where both sides declare how rows are filled, and differ, the filling is replaced: everything
behind the last value of a row that is not the producer's padding, or before the first one. Rows
keep their length, and their values move only where the filling changes sides. A value in the
middle of a row stays, even if it equals the padding. Rows of floats may be filled with NaN too.

## Example
    tf.where(tf.cumsum(tf.cast(x != 0, tf.int32), axis=1, reverse=True) > 0, x, -1)
    int32[?, 9], padding 0 -> int32[?, 9], padding -1

## What it loses or assumes
Nothing. Where the filling is the last id, and the one that the consumer has not, that it stands in no row is a guard.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts import rows
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense
from sigcheck.transforms.parts.channels import axes_of_numbers
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.filling import filler_code, is_kept, is_other_sense, pad_value
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code

NAME = "repad"
ORDER = 380
SETTLES: Coordinates = frozenset({"padding"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"ids", "padding"})

NUMPY_CALLS = {
    **rows.NUMPY_CALLS,
    "tf.gather": NumpyCall(("x", "places", "batch_dims"), "np.take_along_axis({x}, {places}, {batch_dims})"),
    "tf.math.count_nonzero": NumpyCall(
        ("x", "axis", "keepdims", "dtype"), "np.count_nonzero({x}, {axis}, keepdims={keepdims}).astype({dtype})"
    ),
    "tf.math.floormod": NumpyCall(("x", "y"), "np.mod({x}, {y})"),
    "tf.range": NumpyCall(("count",), "np.arange({count})"),
    "tf.where": NumpyCall(("condition", "x", "y"), "np.where({condition}, {x}, {y})"),
}
KERAS_CALLS = {
    **rows.KERAS_CALLS,
    "tf.gather": lambda keras: partial(_gather_in_keras, keras),
    "tf.math.count_nonzero": lambda keras: partial(_count_in_keras, keras),
    "tf.math.floormod": lambda keras: keras.ops.mod,
    "tf.range": lambda keras: keras.ops.arange,
    "tf.shape": lambda keras: keras.ops.shape,
    "tf.where": lambda keras: partial(_choose_in_keras, keras),
}


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the change of what fills the rows, once the values are as required.

    >>> from sigcheck.schema.facts import Facts, Padding
    >>> zeros, ones = (TensorSpec(dtype="int32", shape=(8, 9), facts=Facts(padding=Padding(value=v))) for v in (0, -1))
    >>> [str(step) for step in propose(zeros, ones)]
    ['repad(from=0, from_side=post, to=-1, to_side=post)']
    """
    ours, theirs = spec.facts.padding, required.facts.padding
    if ours is None or theirs is None or spec.kind != "dense" or spec.dtype not in MOVED:
        return
    axis = rows.row_axis(spec)
    # Where time comes first, rows would have to be turned along another axis.
    if axis is None or axis in axes_of_numbers(spec) or (axis == 0 and ours.side != theirs.side):
        return
    pending = conflicts(spec, required)
    if "padding" not in pending or VALUE_FACTS.intersection(pending) or is_other_sense(spec, required):
        return
    before, after = pad_value(spec.dtype, ours.value), pad_value(spec.dtype, theirs.value)
    if (
        not rows.is_told(before)
        or rows.is_marked_by_filling(spec)
        or after is None
        or not is_kept(after, spec, required)
    ):
        return
    last = rows.only_fills(spec, required)
    facts = spec.facts if last is None else spec.facts.replace(id_count=last)
    result = spec.replace(facts=facts.replace(padding=theirs))
    arguments = {"from": before, "from_side": ours.side, "to": after, "to_side": theirs.side, **rows.along(axis)}
    yield Step(
        transform=NAME,
        arguments=arguments if last is None else {**arguments, "check": True},
        result=result,
        guard=None if last is None else f"{last} only fills rows",
        # The rows are read to find where they end, then read and written.
        cost=Cost(
            guards=int(last is not None), bytes_moved=bytes_moved(spec, spec) + bytes_moved(spec, result), steps=1
        ),
        reach="axis",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.where` of the places of a row, behind a turn of each row where the filling changes sides."""
    arguments = step.arguments
    after, side = filler_code(spec.dtype, arguments["to"]), arguments["from_side"]
    lines = list(rows.is_row_code(spec, value, arguments["from"], side, arguments.get("axis", 1)))
    filled = f"tf.where(is_row, {value}, {after})"
    if arguments.get("check"):
        last = arguments["from"]
        lines.append(f"filled = {filled}")
        message = f'message="{last} stands in a row"'
        lines.append(f"tf.debugging.assert_less(filled, tf.constant({last}, tf.{spec.dtype}), {message})")
        filled = "filled"
    if side == arguments["to_side"]:
        return Code(filled, tuple(lines))
    count = "tf.shape(is_row)[1]"
    length = "tf.math.count_nonzero(is_row, axis=1, keepdims=True, dtype=tf.int32)"
    shift = length if side == "post" else f"-{length}"
    lines.append(f"places = tf.math.floormod(tf.range({count}) + {shift}, {count})")
    return Code(f"tf.gather({filled}, places, batch_dims=1)", tuple(lines))


def _gather_in_keras(keras: Any, x: Any, places: Any, *, batch_dims: int) -> Any:
    return keras.ops.take_along_axis(x, places, batch_dims)


def _choose_in_keras(keras: Any, condition: Any, x: Any, y: Any) -> Any:
    if x.dtype.startswith("uint"):
        # keras.ops.where makes another dtype of these, and cuts the largest off on the way.
        raise NotImplementedError("unsigned numbers are not chosen from")
    return keras.ops.cast(keras.ops.where(condition, x, y), x.dtype)


def _count_in_keras(keras: Any, x: Any, axis: int, *, keepdims: bool, dtype: str) -> Any:
    return keras.ops.sum(keras.ops.cast(x, dtype), axis, keepdims=keepdims)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Row after row copied, without what fills it, into an array of the new filling."""
    import numpy as np

    array, arguments = dense(value), step.arguments
    after = arguments["to"]
    filled: Array = np.full(array.shape, after.encode() if isinstance(after, str) else after, array.dtype)
    turned = (array.T, filled.T) if arguments.get("axis") == 0 else (array, filled)
    size = turned[0].shape[1]
    for row, own in zip(*turned, strict=True):
        places = np.flatnonzero(rows.differs(row, arguments["from"]))
        if not places.size:
            continue
        kept = row[: places[-1] + 1] if arguments["from_side"] == "post" else row[places[0] :]
        if arguments.get("check") and not rows.differs(kept, arguments["from"]).all():
            raise GuardError(f"{arguments['from']} stands in a row")
        own[slice(0, len(kept)) if arguments["to_side"] == "post" else slice(size - len(kept), size)] = kept
    return filled
