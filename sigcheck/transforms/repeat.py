"""Repeat: copy along an axis of size 1 until it has the required size.

## What it does
Copies the one entry of an axis. Gray that is declared to be gray becomes colour by
`gray_to_rgb`, without the assumption.

## Example
    tf.repeat(x, 3, axis=3)    float32[?, 8, 8, 1] -> float32[?, 8, 8, 3]

## What it loses or assumes
Nothing is lost. That the one entry stands for all is an assumption, and the copies are values
that nobody gave: the plan is shown, and passes by `--assume warn` only.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.axis_agreement import is_one_axis
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.channels import CHANNEL_NAMES, axes_of_numbers
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED, TILED
from sigcheck.transforms.parts.transform import Code

NAME = "repeat"
ORDER = 360
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "colours", "kernels"})
WRITES: Coordinates = frozenset({"sizes", "colours"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields a repetition for each axis of size 1 that is required to be longer.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 1]"), parse_spec("int32[?, 3]"))]
    ['repeat(axis=1, count=3)']
    """
    if spec.kind != "dense" or spec.dtype not in MOVED or spec.shape is None or required.shape is None:
        return
    if len(spec.shape) != len(required.shape) or 1 not in spec.shape:
        return
    spared = axes_of_numbers(spec)
    for axis, (size, wanted) in enumerate(zip(spec.shape, required.shape, strict=True)):
        if size != 1 or wanted is None or wanted <= 1 or axis in spared or not is_one_axis(spec, required, axis):
            continue
        result = spec.replace(
            shape=(*spec.shape[:axis], wanted, *spec.shape[axis + 1 :]), facts=_facts_after(spec.facts, axis)
        )
        yield Step(
            transform=NAME,
            arguments={"axis": axis, "count": wanted},
            result=result,
            assumption=f"the one entry of axis {axis} stands for all {wanted}",
            cost=Cost(inventions=1, assumptions=1, bytes_moved=bytes_moved(spec, result), steps=1),
            reach="axis",
        )


def _facts_after(facts: Facts, axis: int) -> Facts:
    # Three times gray is no longer gray alone; nor RGB, which only a declaration can say.
    is_gray = facts.channel_order == "GRAY" and (facts.axes is None or facts.axes[axis] in CHANNEL_NAMES)
    return facts.replace(channel_order=None) if is_gray else facts


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.repeat`, or a concatenation of dtypes that it has no kernel for."""
    count, axis = step.arguments["count"], step.arguments["axis"]
    if spec.dtype in TILED:
        return Code(f"tf.repeat({value}, {count}, axis={axis})")
    return Code(f"tf.concat([{value}] * {count}, axis={axis})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The value, copied along the axis."""
    import numpy as np

    return np.repeat(dense(value), step.arguments["count"], axis=step.arguments["axis"])
