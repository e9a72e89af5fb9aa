"""Concat: several outputs behind one another along an axis that is there.

## What it does
Puts dense tensors of one dtype together along one axis; all other sizes agree. Sizes that are
not known before are found equal when it is run, or refused.

## Example
    --bind a=x --bind b=x
    tf.concat([a, b], axis=1)    float32[?, 3], float32[?, 5] -> float32[?, 8]

## What it loses or assumes
Nothing. Along an axis of unknown required size, the first axis above all, it is never chosen
unless it is declared: `--bind "concat(a, b, axis=0)=x"`. Rows of ids that are filled up are not put in front of others
where the consumer says at which end its own are: what fills them would stand between ids.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.junction import JunctionError, check_axis, check_parts, merged_shape
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import MAX_SIZE, Shape, could_be
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.transform import Code

NAME = "concat"
ORDER = 10
VALUE_PARTS: tuple[int, ...] | None = None


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """The axes along which all else agrees and the sizes sum to what is required.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("float32[?, 3]"), parse_spec("float32[?, 5]")], [parse_spec("float32[?, 8]")])
    [1]
    """
    shapes = [spec.shape for spec in parts]
    ranks = {None if shape is None else len(shape) for shape in shapes}
    if len(ranks) > 1 or None in ranks or any(spec.kind != "dense" for spec in (*parts, *required)):
        return []
    different = [
        axis
        for axis, sizes in enumerate(zip(*(shape or () for shape in shapes), strict=True))
        if len({size for size in sizes if size is not None}) > 1
    ]
    if len(different) > 1:
        return []
    axes = different or range(len(shapes[0] or ()))
    return [axis for axis in axes if could_be(_shape(parts, axis)[0], required[0].shape)]


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], axis: int | None) -> tuple[Step, ...]:
    """The parts along the axis. Raises JunctionError where another size, the dtype or the axes' names differ."""
    check_parts(parts)
    axis = check_axis(axis, len(parts[0].shape or ()))
    if _is_of_rows(parts[0], axis):
        carried.check_ends(parts, required[0])
    shape, is_guarded = _shape(parts, axis)
    if (shape[axis] or 0) > MAX_SIZE:
        raise JunctionError(f"axis {axis} would have {shape[axis]} entries, more than a tensor can have")
    facts = carried.along(carried.agreed(parts), parts[0], axis)
    result = TensorSpec(dtype=parts[0].dtype, shape=shape, facts=facts.replace(axes=carried.agreed_axes(parts)))
    step = Step(
        transform=NAME,
        arguments={"axis": axis},
        result=result,
        guard="all sizes but that of the axis are equal" if is_guarded else None,
        cost=Cost(guards=int(is_guarded), bytes_moved=2 * bytes_of(result), steps=1),
    )
    return (step,)


def _is_of_rows(spec: TensorSpec, axis: int) -> bool:
    """Whether the rows of single values lie along the axis: behind it are axes of one entry, and it is no batch."""
    shape, names = spec.shape or (), spec.facts.axes or (None,) * (spec.rank or 0)
    is_batch = names[axis] == "batch" or (axis == 0 and len(shape) > 1 and "batch" not in names)
    return not is_batch and all(shape[at] == 1 or names[at] == "batch" for at in range(axis + 1, len(shape)))


def _shape(parts: Sequence[TensorSpec], axis: int) -> tuple[Shape, bool]:
    shape, is_guarded = merged_shape(parts, axis)
    sizes = [(spec.shape or ())[axis] for spec in parts]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    return (*shape[:axis], total, *shape[axis + 1 :]), is_guarded


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.concat`."""
    return Code(f"tf.concat([{', '.join(values)}], axis={step.arguments['axis']})")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """Each part copied to its place. Raises GuardError where another size differs."""
    import numpy as np

    arrays, axis = [dense(value) for value in values], step.arguments["axis"]
    shape = list(arrays[0].shape)
    if any([*array.shape[:axis], *array.shape[axis + 1 :]] != shape[:axis] + shape[axis + 1 :] for array in arrays):
        raise GuardError(f"sizes beside axis {axis} differ: {[array.shape for array in arrays]}")
    shape[axis] = sum(array.shape[axis] for array in arrays)
    made = np.empty(shape, arrays[0].dtype)
    start = 0
    for array in arrays:
        stop = start + array.shape[axis]
        made[(slice(None),) * axis + (slice(start, stop),)] = array
        start = stop
    return made


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: their sizes were chosen to agree."""
    return values
