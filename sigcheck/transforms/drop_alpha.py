"""Drop alpha: keep the three colours of RGBA.

## What it does
Cuts the fourth channel off where the producer declares RGBA and the consumer RGB, BGR or GRAY.

## Example
    x[:, :, :, :3]    uint8[?, 8, 8, 4], channel_order RGBA -> uint8[?, 8, 8, 3], channel_order RGB

## What it loses or assumes
Truncating: how opaque each point is. The colours are taken as they are, not laid over a
background. Where several axes have four entries and none is named channel, which one holds
the colours is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.channels import COLOURS, channel_axes, has_one_number, is_named
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code

NAME = "drop_alpha"
ORDER = 160
SETTLES: Coordinates = frozenset({"colours"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "colours", "kernels"})
WRITES: Coordinates = frozenset({"sizes", "colours"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the colours without the fourth channel, once for each axis that may hold them.

    >>> from sigcheck.schema.facts import Facts
    >>> rgba = TensorSpec(dtype="uint8", shape=(8, 4), facts=Facts(channel_order="RGBA"))
    >>> rgb = TensorSpec(dtype="uint8", shape=(8, 3), facts=Facts(channel_order="RGB"))
    >>> [str(step) for step in propose(rgba, rgb)]
    ['drop_alpha(axis=1)']
    """
    if spec.facts.channel_order != "RGBA" or required.facts.channel_order in {None, "RGBA"}:
        return
    if spec.kind != "dense" or spec.dtype not in MOVED or not has_one_number(spec.facts):
        return
    shape, axes = spec.shape or (), channel_axes(spec, COLOURS + 1)
    for axis in axes:
        is_assumed = len(axes) > 1 and not is_named(spec, axis)
        result = spec.replace(
            shape=(*shape[:axis], COLOURS, *shape[axis + 1 :]), facts=spec.facts.replace(channel_order="RGB")
        )
        yield Step(
            transform=NAME,
            arguments={"axis": axis},
            result=result,
            loss="truncating",
            assumption=f"the colours are axis {axis}" if is_assumed else None,
            cost=Cost(truncating=1, assumptions=int(is_assumed), bytes_moved=bytes_moved(result, result), steps=1),
            reach="axis",
        )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A slice."""
    return Code(f"{value}[{':, ' * step.arguments['axis']}:{COLOURS}]")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The first three channels."""
    import numpy as np

    return np.take(dense(value), range(COLOURS), step.arguments["axis"])
