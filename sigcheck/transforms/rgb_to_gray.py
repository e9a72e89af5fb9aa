"""RGB to gray: the brightness of a colour picture.

## What it does
Adds up the colours by the weights of ITU-R BT.601, 0.2989 red, 0.587 green and 0.114 blue, as
`tf.image.rgb_to_grayscale` does, for RGB and BGR, and for channels on any axis. Whole numbers
are rounded to the nearest, ties to even.

## Example
    tf.reduce_sum(x * tf.constant([0.2989, 0.587, 0.114], tf.float32), axis=3, keepdims=True)
    float32[?, 8, 8, 3], channel_order RGB -> float32[?, 8, 8, 1], channel_order GRAY

## What it loses or assumes
Irreversible: no colour can be had back. Where several axes have three entries and none is
named channel, which one holds the colours is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, dense
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES
from sigcheck.transforms.parts.channels import COLOURS, ORDERS, channel_axes, has_one_number, is_named
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.padding import loses_filling
from sigcheck.transforms.parts.transform import Code

NAME = "rgb_to_gray"
ORDER = 180
SETTLES: Coordinates = frozenset({"colours"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "colours", "dtype", "encoding", "padding"})
WRITES: Coordinates = frozenset({"sizes", "colours", "padding"})

# ITU-R BT.601 to four digits, as in tensorflow/python/ops/image_ops_impl.py.
WEIGHTS = (0.2989, 0.587, 0.114)

_WHOLE = ("uint8", "uint16")


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the weighted sum of the colours, one for each axis that may hold them.

    >>> from sigcheck.schema.facts import Facts
    >>> rgb = TensorSpec(dtype="float32", shape=(8, 8, 3), facts=Facts(channel_order="RGB"))
    >>> gray = TensorSpec(dtype="float32", shape=(8, 8, 1), facts=Facts(channel_order="GRAY"))
    >>> [str(step) for step in propose(rgb, gray)]
    ['rgb_to_gray(axis=2, order=RGB)']
    """
    order = spec.facts.channel_order
    if order not in ORDERS or required.facts.channel_order != "GRAY" or spec.kind != "dense":
        return
    if spec.dtype not in (*COMPUTE_DTYPES, *_WHOLE) or not has_one_number(spec.facts) or spec.facts.quantization:
        return
    # Whole numbers that become floats are rounded once, at the end.
    if spec.dtype in _WHOLE and spec.dtype != required.dtype:
        return
    axes = channel_axes(spec, COLOURS)
    shape = spec.shape or ()
    for axis in axes:
        is_assumed = len(axes) > 1 and not is_named(spec, axis)
        result = spec.replace(
            shape=(*shape[:axis], 1, *shape[axis + 1 :]),
            facts=spec.facts.replace(channel_order="GRAY", padding=_filling_after(spec.facts)),
        )
        if loses_filling(spec, result, required):
            return
        yield Step(
            transform=NAME,
            arguments={"axis": axis, "order": order},
            result=result,
            loss="irreversible",
            assumption=f"the colours are axis {axis}" if is_assumed else None,
            cost=Cost(
                irreversible=1,
                # Of whole numbers the sum is rounded again: real ones are added up before they are stored.
                rounding=1 + (spec.dtype in _WHOLE),
                assumptions=int(is_assumed),
                bytes_moved=bytes_moved(spec, result),
                steps=1,
            ),
            # Numbers of a known range are only scaled and shifted, before the sum or after it. Others may be cut off.
            reach="tensor" if spec.facts.range is None else "axis",
        )


def is_mixing(step: Step) -> bool:
    """Whether a value of the result is computed from several, and rounds as the largest of them does."""
    return True


def _filling_after(facts: Facts) -> Padding | None:
    """Black is black in gray; what other fillings become is not what they were."""
    return facts.padding if facts.padding is not None and facts.padding.value == 0 else None


def _weights(step: Step) -> tuple[float, ...]:
    return WEIGHTS if step.arguments["order"] == "RGB" else WEIGHTS[::-1]


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A weighted sum, in float32 where the values are whole numbers."""
    axis, behind = step.arguments["axis"], len(spec.shape or ()) - step.arguments["axis"] - 1
    dtype = spec.dtype if spec.dtype in COMPUTE_DTYPES else COMPUTE_DTYPES[0]
    weights = f"tf.constant({list(_weights(step))}, tf.{dtype})"
    if behind:
        weights = f"tf.reshape({weights}, {[-1, *[1] * behind]})"
    colours = value if dtype == spec.dtype else f"tf.cast({value}, tf.{dtype})"
    gray = f"tf.reduce_sum({colours} * {weights}, axis={axis}, keepdims=True)"
    return Code(gray if dtype == spec.dtype else f"tf.cast(tf.round({gray}), tf.{spec.dtype})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The weighted sum in float64, rounded once."""
    import numpy as np

    array, axis = dense(value), step.arguments["axis"]
    shape = [1] * array.ndim
    shape[axis] = COLOURS
    with np.errstate(over="ignore", invalid="ignore"):
        weighted = array.astype(np.float64) * np.asarray(_weights(step)).reshape(shape)
        total = weighted.sum(axis, keepdims=True)
        gray: Array = (np.rint(total) if spec.dtype in _WHOLE else total).astype(array.dtype)
    return gray
