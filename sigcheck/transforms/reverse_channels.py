"""Reverse channels: turn RGB into BGR, and back.

## What it does
Reverses the axis of three colours where both sides declare an order and the orders differ.
Numbers that belong to the colours, such as one mean for each, are reversed with them.

## Example
    tf.reverse(x, axis=[3])    uint8[?, 224, 224, 3], RGB -> uint8[?, 224, 224, 3], BGR

## What it loses or assumes
Nothing. Where several axes have three entries and none is named channel, which one holds the
colours is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.channels import COLOURS, ORDERS, channel_axes, is_named
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code

NAME = "reverse_channels"
ORDER = 150
SETTLES: Coordinates = frozenset({"colours"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "colours", "kernels"})
WRITES: Coordinates = frozenset({"colours", "encoding"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the reversal of the colours, one for each axis that may hold them.

    >>> from sigcheck.schema.facts import Facts
    >>> rgb, bgr = (TensorSpec(dtype="uint8", shape=(8, 8, 3), facts=Facts(channel_order=o)) for o in ("RGB", "BGR"))
    >>> [str(step) for step in propose(rgb, bgr)]
    ['reverse_channels(axis=2)']
    """
    ours, theirs = spec.facts.channel_order, required.facts.channel_order
    if ours == theirs or not {ours, theirs} <= ORDERS or spec.kind != "dense" or spec.dtype not in MOVED:
        return
    axes = channel_axes(spec, COLOURS)
    for axis in axes:
        is_assumed = len(axes) > 1 and not is_named(spec, axis)
        facts = _facts_after(spec.facts, axis, len(spec.shape or ()))
        result = spec.replace(facts=facts.replace(channel_order=theirs))
        yield Step(
            transform=NAME,
            arguments={"axis": axis},
            result=result,
            assumption=f"the colours are axis {axis}" if is_assumed else None,
            cost=Cost(assumptions=int(is_assumed), bytes_moved=bytes_moved(spec, result), steps=1),
            reach="axis",
        )


def _facts_after(facts: Facts, axis: int, rank: int) -> Facts:
    numbers, stored = facts.normalization, facts.quantization
    if numbers is not None:
        numbers = numbers.model_copy(update={"mean": numbers.mean[::-1], "std": numbers.std[::-1]})
    if stored is not None and stored.axis is not None and stored.axis % rank == axis:
        stored = stored.model_copy(update={"scale": stored.scale[::-1], "zero_point": stored.zero_point[::-1]})
    return facts.replace(normalization=numbers, quantization=stored)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.reverse`."""
    return Code(f"tf.reverse({value}, axis=[{step.arguments['axis']}])")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The same values, the axis from its end to its beginning."""
    import numpy as np

    return np.flip(dense(value), step.arguments["axis"])
