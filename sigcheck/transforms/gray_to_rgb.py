"""Gray to RGB: a gray picture as one of three equal colours.

## What it does
Repeats the one channel where the producer declares GRAY and the consumer RGB or BGR: three
equal channels are both. Without these declarations `repeat` does the same as an assumption.

## Example
    tf.repeat(x, 3, axis=3)    uint8[?, 28, 28, 1], channel_order GRAY -> uint8[?, 28, 28, 3], channel_order RGB

## What it loses or assumes
Nothing. Where several axes of size 1 could be the channel and none is named so, which one is
an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.channels import COLOURS, ORDERS, channel_axes, has_one_number, is_named
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED, TILED
from sigcheck.transforms.parts.transform import Code

NAME = "gray_to_rgb"
ORDER = 170
SETTLES: Coordinates = frozenset({"colours"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "colours", "kernels"})
WRITES: Coordinates = frozenset({"sizes", "colours"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the repetition of the gray channel, once for each axis that may be it.

    >>> from sigcheck.schema.facts import Facts
    >>> gray = TensorSpec(dtype="uint8", shape=(8, 8, 1), facts=Facts(channel_order="GRAY"))
    >>> colour = TensorSpec(dtype="uint8", shape=(8, 8, 3), facts=Facts(channel_order="BGR"))
    >>> [str(step) for step in propose(gray, colour)]
    ['gray_to_rgb(axis=2)']
    """
    if spec.facts.channel_order != "GRAY" or required.facts.channel_order not in ORDERS:
        return
    if spec.kind != "dense" or spec.dtype not in MOVED or spec.shape is None or required.shape is None:
        return
    if len(spec.shape) != len(required.shape) or not has_one_number(spec.facts):
        return
    axes = [axis for axis in channel_axes(spec, 1) if required.shape[axis] in {COLOURS, None}]
    for axis in axes:
        is_assumed = len(axes) > 1 and not is_named(spec, axis)
        result = spec.replace(
            shape=(*spec.shape[:axis], COLOURS, *spec.shape[axis + 1 :]),
            facts=spec.facts.replace(channel_order=required.facts.channel_order),
        )
        yield Step(
            transform=NAME,
            arguments={"axis": axis},
            result=result,
            assumption=f"the gray channel is axis {axis}" if is_assumed else None,
            cost=Cost(assumptions=int(is_assumed), bytes_moved=bytes_moved(spec, result), steps=1),
            reach="axis",
        )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.repeat`, or a concatenation of dtypes that it has no kernel for."""
    axis = step.arguments["axis"]
    if spec.dtype in TILED:
        return Code(f"tf.repeat({value}, {COLOURS}, axis={axis})")
    return Code(f"tf.concat([{value}] * {COLOURS}, axis={axis})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The one channel, three times."""
    import numpy as np

    return np.concatenate([dense(value)] * COLOURS, step.arguments["axis"])
