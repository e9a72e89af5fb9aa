"""Last: the last entry of an axis. By permission only.

## What it does
Takes the last entry of an axis that the consumer has no place for, or one entry: the last step of a sequence.
Which axis that is its name says (`axes` of both sides), else the places that the consumer has for the others. Where
rows are filled up behind, the last entry may be no value, and nothing is proposed.

## Example
    x[:, -1:]    float32[?, 40, 32] -> float32[?, 1, 32]

## What it loses or assumes
Truncating: the other entries are gone, which the permission allows. That the last one is meant is an
assumption. An axis of unknown size is guarded to have an entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.reduced import axis_words, not_empty, reduced_axes
from sigcheck.transforms.parts.transform import Code

NAME = "last"
ORDER = 399
BY_PERMISSION = True
REDUCES = True
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "colours", "kernels", "meaning", "padding"})
WRITES: Coordinates = frozenset({"sizes"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the last entry of each axis that the consumer has no place for.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("float32[?, 40, 32]"), parse_spec("float32[?, 32]"))]
    ['last(axis=1)']
    """
    padding = spec.facts.padding
    if spec.dtype not in MOVED or (padding is not None and padding.side == "post"):
        return
    for axis, shape in reduced_axes(spec, required):
        result, guard = spec.replace(shape=shape), not_empty(spec, axis)
        yield Step(
            transform=NAME,
            arguments={"axis": axis},
            result=result,
            loss="truncating",
            assumption=f"the last entry of {axis_words(spec, axis)} is the one that is meant",
            guard=guard,
            cost=Cost(assumptions=1, guards=int(guard is not None), bytes_moved=bytes_moved(result, result), steps=1),
            reach="axis",
        )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A slice, of an axis of unknown size with its size asserted."""
    taken = f"{value}[{':, ' * step.arguments['axis']}-1:]"
    if step.guard is None:
        return Code(taken)
    return Code(f"tf.ensure_shape({taken}, {list(step.result.shape or ())})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The last entry. Raises GuardError where there is none."""
    import numpy as np

    array, axis = dense(value), step.arguments["axis"]
    if not array.shape[axis]:
        raise GuardError(f"axis {axis} has no entry")
    return np.take(array, [array.shape[axis] - 1], axis)
