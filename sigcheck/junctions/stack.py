"""Stack: several outputs side by side along a new axis.

## What it does
Puts dense tensors of one dtype and shape together along an axis of their count, which none of
them has. Sizes that are not known before are found equal when it is run, or refused.

## Example
    --bind a=x --bind b=x
    tf.stack([a, b], axis=1)    float32[?, 8], float32[?, 8] -> float32[?, 2, 8]

## What it loses or assumes
Nothing. Where the count stands in for a required size that is not known it is never chosen
unless it is declared: `--bind "stack(a, b, axis=0)=x"`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.junction import JunctionError, check_axis, check_parts, merged_shape
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import MAX_RANK, could_be
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.transform import Code

NAME = "stack"
ORDER = 20

NUMPY_CALLS = {
    "tf.stack": NumpyCall(("values", "axis"), "np.stack({values}, axis={axis})"),
}
KERAS_CALLS = {"tf.stack": lambda keras: keras.ops.stack}
VALUE_PARTS: tuple[int, ...] | None = None


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """The places where an axis of as many as there are parts is required, and all else agrees.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("float32[4, 8]")] * 2, [parse_spec("float32[?, 2, 8]")])
    [1]
    """
    if any(spec.kind != "dense" or spec.shape is None for spec in parts) or required[0].kind != "dense":
        return []
    try:
        shape, _ = merged_shape(parts)
    except JunctionError:
        return []
    made = ((axis, (*shape[:axis], len(parts), *shape[axis:])) for axis in range(len(shape) + 1))
    return [axis for axis, of in made if could_be(of, required[0].shape)]


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], axis: int | None) -> tuple[Step, ...]:
    """The parts along a new axis. Raises JunctionError where a size, the dtype or the axes' names differ."""
    check_parts(parts)
    rank = len(parts[0].shape or ())
    if rank == MAX_RANK:
        raise JunctionError(f"a tensor has no more than {MAX_RANK} axes")
    axis = check_axis(axis, rank + 1)
    if required[0].shape is not None and len(required[0].shape) <= rank:
        # The new axis is merged with that of the rows.
        carried.check_ends(parts, required[0])
    shape, is_guarded = merged_shape(parts)
    facts = carried.moved(carried.agreed(parts), rank, 1, axis)
    if axis == rank or facts.padding is not None:
        # The class axis is the last, and rows that are padded are told by their place.
        facts = carried.along(facts, parts[0], rank - 1)
    names = carried.agreed_axes(parts)
    if names is not None:
        wanted = required[0].facts.axes
        is_lined_up = wanted is not None and len(wanted) == rank + 1
        new = wanted[axis] if is_lined_up and wanted is not None and wanted[axis] not in names else None
        names = (*names[:axis], new, *names[axis:])
    result = TensorSpec(
        dtype=parts[0].dtype, shape=(*shape[:axis], len(parts), *shape[axis:]), facts=facts.replace(axes=names)
    )
    step = Step(
        transform=NAME,
        arguments={"axis": axis},
        result=result,
        guard="all parts have the same sizes" if is_guarded else None,
        cost=Cost(guards=int(is_guarded), bytes_moved=2 * bytes_of(result), steps=1),
    )
    return (step,)


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.stack`."""
    return Code(f"tf.stack([{', '.join(values)}], axis={step.arguments['axis']})")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """Each part copied to its index. Raises GuardError where a size differs."""
    import numpy as np

    arrays, axis = [dense(value) for value in values], step.arguments["axis"]
    shape = arrays[0].shape
    if any(array.shape != shape for array in arrays):
        raise GuardError(f"sizes differ: {[array.shape for array in arrays]}")
    made = np.empty((*shape[:axis], len(arrays), *shape[axis:]), arrays[0].dtype)
    for at, array in enumerate(arrays):
        made[(slice(None),) * axis + (at,)] = array
    return made


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: their sizes were chosen to agree."""
    return values
