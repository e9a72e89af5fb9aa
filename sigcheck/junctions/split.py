"""Split: one output parted along an axis among several inputs.

## What it does
Gives each input, in the order in which they are bound, as many indices of the axis as it
requires. Together they take the whole axis.

## Example
    --bind a=x --bind a=y
    tf.split(a, [3, 5], axis=1)    float32[?, 8] -> float32[?, 3], float32[?, 5]

## What it loses or assumes
Nothing: every value goes to one of the inputs. Along the first axis, or where the inputs do not
say their sizes, it is never chosen unless it is declared: `--bind "split(a, axis=0)=x"` for each.
Nor is it where the axis has another place in the inputs, or is none of theirs, as of a detector that
gives `float32[1, 84, 8400]` and what takes boxes `float32[?, 8400, 4]` and scores: declared, each part
is brought to its input by what follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.junction import JunctionError, check_axis, check_parts
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import Shape, could_be
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.transform import Code

NAME = "split"
ORDER = 40

NUMPY_CALLS = {
    "tf.split": NumpyCall(("x", "sizes", "axis"), "np.split({x}, np.cumsum({sizes})[:-1], axis={axis})"),
}
KERAS_CALLS = {"tf.split": lambda keras: lambda x, sizes, axis: keras.ops.split(x, tuple(accumulate(sizes))[:-1], axis)}
VALUE_PARTS: tuple[int, ...] | None = None


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """The axes whose size is the sum of what the inputs require, where all else agrees.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("float32[?, 8]")], [parse_spec("float32[?, 3]"), parse_spec("float32[?, 5]")])
    [1]
    """
    shape = parts[0].shape
    if shape is None or any(spec.kind != "dense" for spec in (*parts, *required)):
        return []
    return [axis for axis in range(len(shape)) if _fits(parts[0], required, axis)]


def moved_ways(part: TensorSpec, required: Sequence[TensorSpec]) -> Sequence[int]:
    """The axes whose size is the sum of what the inputs require in another place, the other axes in their order.

    >>> from sigcheck.schema.notation import parse_spec
    >>> taken = [parse_spec("float32[?, 8400, 4]"), parse_spec("float32[?, 8400, 80]")]
    >>> moved_ways(parse_spec("float32[1, 84, 8400]"), taken)
    [1]
    """
    if part.shape is None or any(spec.kind != "dense" for spec in (part, *required)):
        return []
    found = []
    # Along the first axis lie examples.
    for axis, total in list(enumerate(part.shape))[1:]:
        sizes = [_moved_size(part.shape, axis, one.shape) for one in required]
        if total is not None and None not in sizes and sum(size or 0 for size in sizes) == total:
            found.append(axis)
    return found


def _moved_size(shape: Shape, axis: int, required: Shape | None) -> int | None:
    """How much of an axis an input takes that has the other axes in their order; None where that is not known.

    One index, where it has no axis for it.
    """
    if required is None:
        return None
    others = (*shape[:axis], *shape[axis + 1 :])
    if len(required) == len(others):
        return 1 if could_be(others, required) else None
    sizes = {size for at, size in enumerate(required) if could_be(others, (*required[:at], *required[at + 1 :]))}
    return sizes.pop() if len(sizes) == 1 else None


def _fits(spec: TensorSpec, required: Sequence[TensorSpec], axis: int) -> bool:
    try:
        return _are_pieces(spec, required, axis, _sizes_in_place(spec, required, axis))
    except JunctionError:
        return False


def _are_pieces(spec: TensorSpec, required: Sequence[TensorSpec], axis: int, sizes: Sequence[int]) -> bool:
    """Whether pieces of these sizes are what the inputs require."""
    shape = spec.shape or ()
    pieces = ((*shape[:axis], size, *shape[axis + 1 :]) for size in sizes)
    return all(could_be(piece, one.shape) for piece, one in zip(pieces, required, strict=True))


def _sizes(spec: TensorSpec, required: Sequence[TensorSpec], axis: int) -> list[int]:
    """How much of the axis each input takes, in its place or another. Raises as `_sizes_in_place` does."""
    if axis not in moved_ways(spec, required) or _fits(spec, required, axis):
        return _sizes_in_place(spec, required, axis)
    return [size or 0 for size in (_moved_size(spec.shape or (), axis, one.shape) for one in required)]


def _sizes_in_place(spec: TensorSpec, required: Sequence[TensorSpec], axis: int) -> list[int]:
    """How much of the axis each input takes. Raises JunctionError where that is not known, or not all of it."""
    sizes = [None if one.shape is None or axis >= len(one.shape) else one.shape[axis] for one in required]
    total = (spec.shape or ())[axis]
    known = [size for size in sizes if size is not None]
    if total is None or len(known) < len(sizes):
        raise JunctionError(f"the sizes along axis {axis} are not known: {spec} to {', '.join(map(str, required))}")
    if sum(known) != total:
        raise JunctionError(f"axis {axis} has size {total}, the inputs require {' + '.join(map(str, known))}")
    return known


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], axis: int | None) -> tuple[Step, ...]:
    """A piece for each input. Raises JunctionError where the sizes are not known or do not sum."""
    check_parts(parts)
    (spec,) = parts
    shape = spec.shape or ()
    axis = check_axis(axis, len(shape))
    sizes = _sizes(spec, required, axis)
    facts = carried.along(carried.without_origins(spec.facts), spec, axis)
    steps = []
    for at, size in enumerate(sizes):
        result = TensorSpec(dtype=spec.dtype, shape=(*shape[:axis], size, *shape[axis + 1 :]), facts=facts)
        steps.append(
            Step(
                transform=NAME,
                arguments={"axis": axis, "sizes": tuple(sizes), "index": at},
                result=result,
                cost=Cost(bytes_moved=2 * bytes_of(result), steps=1),
            )
        )
    return tuple(steps)


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.split` and the index of the piece: it fails where the sizes do not sum."""
    arguments = step.arguments
    return Code(f"tf.split({values[0]}, {list(arguments['sizes'])}, axis={arguments['axis']})[{arguments['index']}]")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The indices of the axis that come after those of the pieces before."""
    import numpy as np

    sizes, at = step.arguments["sizes"], step.arguments["index"]
    start = sum(sizes[:at])
    return np.take(dense(values[0]), np.arange(start, start + sizes[at]), axis=step.arguments["axis"])


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: there is one part."""
    return values
