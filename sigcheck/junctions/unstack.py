"""Unstack: each input takes one index of an axis.

## What it does
Gives each input, in the order in which they are bound, one index of an axis that has as many;
the axis is gone then.

## Example
    --bind 'unstack(a, axis=1)=x' --bind 'unstack(a, axis=1)=y'
    tf.unstack(a, num=2, axis=1)    float32[?, 2, 8] -> float32[?, 8], float32[?, 8]

## What it loses or assumes
Nothing: every value goes to one of the inputs. Along the first axis it is chosen only where its
size is known; else it is declared: `--bind "unstack(a, axis=1)=x"` for each.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.junction import JunctionError, check_axis, check_parts
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import could_be
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.layout import forgets
from sigcheck.transforms.parts.transform import Code

NAME = "unstack"
ORDER = 50

NUMPY_CALLS = {
    "tf.unstack": NumpyCall(("x", "num", "axis"), "np.moveaxis({x}, {axis}, 0)"),
}
KERAS_CALLS = {"tf.unstack": lambda keras: keras.ops.unstack}
VALUE_PARTS: tuple[int, ...] | None = None


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """The axes that have as many indices as there are inputs, and whose rest is what each requires.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("float32[?, 2, 8]")], [parse_spec("float32[?, 8]")] * 2)
    [1]
    """
    shape = parts[0].shape
    if shape is None or any(spec.kind != "dense" for spec in (*parts, *required)):
        return []
    return [
        axis
        for axis, size in enumerate(shape)
        if size == len(required) and all(could_be((*shape[:axis], *shape[axis + 1 :]), one.shape) for one in required)
    ]


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], axis: int | None) -> tuple[Step, ...]:
    """An index for each input. Raises JunctionError where the axis has not as many as there are inputs."""
    check_parts(parts)
    (spec,) = parts
    shape = spec.shape or ()
    axis = check_axis(axis, len(shape))
    if shape[axis] != len(required):
        size = "an unknown size" if shape[axis] is None else f"size {shape[axis]}"
        raise JunctionError(f"axis {axis} of {spec} has {size}, the inputs are {len(required)}")
    facts = carried.along(carried.without_origins(spec.facts), spec, axis)
    facts = carried.moved(facts, len(shape), -1, axis + 1)
    if facts.axes is not None:
        left = (*facts.axes[:axis], *facts.axes[axis + 1 :])
        if any(forgets(facts.axes, left, one.facts) for one in required):
            raise JunctionError(f"an input has an axis {facts.axes[axis]}, which would be gone")
        facts = facts.replace(axes=left)
    result = TensorSpec(dtype=spec.dtype, shape=(*shape[:axis], *shape[axis + 1 :]), facts=facts)
    return tuple(
        Step(
            transform=NAME,
            arguments={"axis": axis, "num": len(required), "index": at},
            result=result,
            cost=Cost(bytes_moved=2 * bytes_of(result), steps=1),
        )
        for at in range(len(required))
    )


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.unstack` and the index: it fails where the axis has another size."""
    arguments = step.arguments
    return Code(f"tf.unstack({values[0]}, num={arguments['num']}, axis={arguments['axis']})[{arguments['index']}]")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The one index of the axis."""
    import numpy as np

    array, axis, at = dense(values[0]), step.arguments["axis"], step.arguments["index"]
    # Indexed by a number, an array of one axis would give no array.
    return np.asarray(np.squeeze(array[(slice(None),) * axis + (slice(at, at + 1),)], axis))


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: there is one part."""
    return values
