"""Truncate: cut an axis down to the required size.

## What it does
Keeps the first entries of an axis; of the rows that the consumer, or else the producer, declares to be
padded in front, the last. An axis of unknown size is cut behind a guard: one that is shorter already is refused, not
filled. Axes that a side names height or width are cropped or resized instead.

## Example
    x[:, :100]    int32[?, 128] -> int32[?, 100]

## What it loses or assumes
Truncating: what is cut is lost. Which end is wanted is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.axis_agreement import is_one_axis
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import PaddingSide
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, Tensor, dense
from sigcheck.transforms.parts.channels import axes_of_numbers
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.rows import named_row_axis, places_of_rows
from sigcheck.transforms.parts.sizes import changed_axes, picture_axes
from sigcheck.transforms.parts.transform import Code

NAME = "truncate"
ORDER = 390
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "kernels", "padding"})
WRITES: Coordinates = frozenset({"sizes"})

# A batch, and rows behind it.
_RANK = 2


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the cut of all axes that are, or may be, longer than required.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 128]"), parse_spec("int32[?, 100]"))]
    ['truncate(sizes=[?, 100], side=post)']
    """
    if spec.kind != "dense" or spec.dtype not in MOVED or spec.shape is None or required.shape is None:
        return
    if len(spec.shape) != len(required.shape):
        return
    known = [
        axis
        for axis in changed_axes(spec.shape, required.shape)
        if (spec.shape[axis] or 0) > (required.shape[axis] or 0)
    ]
    # The first axis is the batch, whose examples nobody means to drop.
    unknown = [
        axis
        for axis, (size, wanted) in enumerate(zip(spec.shape, required.shape, strict=True))
        if size is None and wanted is not None and axis > 0
    ]
    if not known and not unknown:
        return
    # What stands where the consumer has another axis is not too long: the first channel is no batch of one picture.
    others = (axis for axis in range(len(spec.shape)) if not is_one_axis(spec, required, axis))
    # Nor is it said which entries of a part of an axis have which numbers.
    spared = {*picture_axes(spec, required), *others, *axes_of_numbers(spec)}
    ending = _ending_rows(spec, required)
    for axes in (known, unknown):
        left = [axis for axis in axes if axis not in spared]
        if cut := [axis for axis in left if axis != ending]:
            yield _step(spec, required, cut, "post")
        if ending in left:
            yield _step(spec, required, [ending], "pre")


def _ending_rows(spec: TensorSpec, required: TensorSpec) -> int | None:
    """The axis of rows of which the last entries are kept; None where the first ones are."""
    # Where the consumer does not say it, what the producer fills up in front has its values behind.
    padding = required.facts.padding or spec.facts.padding
    if padding is None or padding.side != "pre":
        return None
    names = spec.facts.axes or required.facts.axes
    named = None if names is None else named_row_axis(names)
    places = places_of_rows(required, _RANK)
    return named if named is not None else 0 if spec.rank == 1 else places[1] if places is not None else 1


def _step(spec: TensorSpec, required: TensorSpec, cut: list[int], side: PaddingSide) -> Step:
    shape, wanted = spec.shape or (), required.shape or ()
    sizes = tuple(wanted[axis] if axis in cut else None for axis in range(len(shape)))
    result = spec.replace(shape=tuple(s if to is None else to for s, to in zip(shape, sizes, strict=True)))
    guarded = [axis for axis in cut if shape[axis] is None]
    kept = "first" if side == "post" else "last"
    return Step(
        transform=NAME,
        arguments={"sizes": sizes, "side": side},
        result=result,
        loss="truncating",
        assumption=f"the {kept} {' and '.join(str(sizes[axis]) for axis in cut)} of axis "
        f"{' and '.join(map(str, cut))} are what is wanted",
        guard=f"axis {' and '.join(map(str, guarded))} is no shorter than required" if guarded else None,
        cost=Cost(
            truncating=1,
            assumptions=len(cut),
            guards=len(guarded),
            bytes_moved=bytes_moved(result, result),
            steps=1,
        ),
        reach="axis",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A slice, behind a guard on the result where a size is not known before."""
    parts = [
        ":" if to is None else _slice(size, to, is_behind=step.arguments["side"] == "post")
        for size, to in zip(spec.shape or (), step.arguments["sizes"], strict=True)
    ]
    cut = f"{value}[{', '.join(parts)}]"
    return Code(cut if step.guard is None else f"tf.ensure_shape({cut}, {list(step.result.shape or ())})")


def _slice(size: int | None, to: int, *, is_behind: bool) -> str:
    # [-0:] would be the whole axis.
    if is_behind or to == 0:
        return f":{to}"
    return f"-{to}:" if size is None else f"{size - to}:"


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The first, or the last, values of each axis that is cut. Raises GuardError where one is too short."""
    array, sizes = dense(value), step.arguments["sizes"]
    if any(to is not None and size < to for size, to in zip(array.shape, sizes, strict=True)):
        raise GuardError(f"the shape {list(array.shape)} is shorter than {list(sizes)}")
    is_behind = step.arguments["side"] == "post"
    return array[
        tuple(
            slice(None) if to is None else slice(0, to) if is_behind else slice(n - to, n)
            for n, to in zip(array.shape, sizes, strict=True)
        )
    ]
