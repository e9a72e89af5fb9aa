"""Crop: keep the middle of a picture that is higher or wider than required.

## What it does
Cuts as much off the top as off the bottom, and off the left as off the right; of an odd
surplus the last row or column goes. Only axes that are named height and width are cropped:
any other axis is cut by `truncate`.

## Example
    x[:, 16:240, 16:240, :]    uint8[?, 256, 256, 3] -> uint8[?, 224, 224, 3]

## What it loses or assumes
Truncating: the border is lost. That the middle is what is wanted, not the whole picture made
smaller as `resize` does, is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.axis_agreement import is_one_axis
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.channels import axes_of_numbers
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.sizes import changed_axes, picture_axes
from sigcheck.transforms.parts.transform import Code

NAME = "crop"
ORDER = 400
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "kernels"})
WRITES: Coordinates = frozenset({"sizes"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the cut of height and width down to the required ones.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> large = TensorSpec(dtype="uint8", shape=(9, 9), facts=Facts(axes=("height", "width")))
    >>> [str(step) for step in propose(large, TensorSpec(dtype="uint8", shape=(6, 9)))]
    ['crop(sizes=[6, ?])']
    """
    if spec.kind != "dense" or spec.dtype not in MOVED or spec.shape is None or required.shape is None:
        return
    if len(spec.shape) != len(required.shape):
        return
    changed = changed_axes(spec.shape, required.shape)
    if not changed:
        return
    pictured = picture_axes(spec, required)
    cut = [
        axis
        for axis in changed
        if axis in pictured
        and (spec.shape[axis] or 0) > (required.shape[axis] or 0)
        and is_one_axis(spec, required, axis)
    ]
    if not cut or not axes_of_numbers(spec).isdisjoint(cut):
        return
    sizes = tuple(wanted if axis in cut else None for axis, wanted in enumerate(required.shape))
    result = spec.replace(shape=tuple(s if to is None else to for s, to in zip(spec.shape, sizes, strict=True)))
    yield Step(
        transform=NAME,
        arguments={"sizes": sizes},
        result=result,
        loss="truncating",
        assumption="the middle of the picture is what is wanted",
        cost=Cost(truncating=1, assumptions=1, bytes_moved=bytes_moved(result, result), steps=1),
        reach="axis",
    )


def _middle(size: int, wanted: int | None) -> slice:
    if wanted is None:
        return slice(None)
    start = (size - wanted) // 2
    return slice(start, start + wanted)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A slice."""
    parts = [
        ":" if to is None else f"{_middle(size or 0, to).start}:{_middle(size or 0, to).stop}"
        for size, to in zip(spec.shape or (), step.arguments["sizes"], strict=True)
    ]
    return Code(f"{value}[{', '.join(parts)}]")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The middle of each axis that is cut."""
    array = dense(value)
    return array[tuple(_middle(n, to) for n, to in zip(array.shape, step.arguments["sizes"], strict=True))]
