"""Boxes: one tensor of boxes from four outputs, one for each coordinate.

## What it does
Puts four dense tensors of one dtype and shape side by side along a new last axis, in the order in which they are
named, which is the order that the consumer declares of its boxes: it is named after what it takes.

## Example
    --bind 'boxes(ymin, xmin, ymax, xmax)=x'
    tf.stack([ymin, xmin, ymax, xmax], axis=2)    4 of float32[?, 100] -> float32[?, 100, 4], boxes yxyx

## What it loses or assumes
Nothing. That the outputs stand in the order of the consumer is what naming them says: it is never chosen
unless it is declared so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.junction import JunctionError, check_parts, merged_shape
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import MAX_RANK
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, Tensor, dense
from sigcheck.transforms.parts.boxes import COORDINATES
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.transform import Code

NAME = "boxes"
ORDER = 25
NUMPY_CALLS = {"tf.stack": NumpyCall(("values", "axis"), "np.stack({values}, axis={axis})")}
KERAS_CALLS = {"tf.stack": lambda keras: keras.ops.stack}
VALUE_PARTS: tuple[int, ...] | None = None


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None: which output is which coordinate is for somebody to say.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("float32[?, 9]")] * 4, [parse_spec("float32[?, 9, 4]")])
    []
    """
    return []


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], argument: Any) -> tuple[Step, ...]:
    """The boxes. Raises JunctionError where a size, the dtype or an axis' name differs, or where there are not four."""
    if len(parts) != COORDINATES:
        raise JunctionError(f"{len(parts)} parts, expected {COORDINATES} coordinates")
    check_parts(parts)
    rank = len(parts[0].shape or ())
    if rank == MAX_RANK:
        raise JunctionError(f"a tensor has no more than {MAX_RANK} axes")
    shape, is_guarded = merged_shape(parts)
    names = carried.agreed_axes(parts)
    wanted = required[0].facts.axes
    if names is not None:
        is_lined_up = wanted is not None and len(wanted) == rank + 1
        names = (*names, wanted[-1] if is_lined_up and wanted is not None and wanted[-1] not in names else None)
    # The class axis, and that of the channels, would be the last one.
    facts = carried.along(carried.agreed(parts), parts[0], rank - 1) if rank else carried.agreed(parts)
    result = TensorSpec(
        dtype=parts[0].dtype,
        shape=(*shape, COORDINATES),
        facts=facts.replace(axes=names, boxes=required[0].facts.boxes),
    )
    step = Step(
        transform=NAME,
        result=result,
        guard="all parts have the same sizes" if is_guarded else None,
        cost=Cost(guards=int(is_guarded), bytes_moved=2 * bytes_of(result), steps=1),
    )
    return (step,)


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.stack` along the last axis."""
    return Code(f"tf.stack([{', '.join(values)}], axis={len(parts[0].shape or ())})")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """Each part copied to its coordinate. Raises GuardError where a size differs."""
    import numpy as np

    arrays = [dense(value) for value in values]
    if any(array.shape != arrays[0].shape for array in arrays):
        raise GuardError(f"sizes differ: {[array.shape for array in arrays]}")
    made = np.empty((*arrays[0].shape, COORDINATES), arrays[0].dtype)
    for at, array in enumerate(arrays):
        made[..., at] = array
    return made


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: their sizes were chosen to agree."""
    return values
