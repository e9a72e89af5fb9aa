"""First: the first entry of an axis. By permission only.

## What it does
Takes the first entry of an axis that the consumer has no place for, or one entry: the best of the beams of a
decoder. Which axis that is its name says (`axes` of both sides), else the places that the consumer has for the
others. Where rows are filled up in front, the first entry may be no value, and nothing is proposed.

## Example
    x[:, :1]    int32[?, 4, 20] -> int32[?, 1, 20]

## What it loses or assumes
Truncating: the other entries are gone, which the permission allows. That the first one is meant is an
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

NAME = "first"
ORDER = 398
BY_PERMISSION = True
REDUCES = True
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "colours", "kernels", "meaning", "padding"})
WRITES: Coordinates = frozenset({"sizes"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the first entry of each axis that the consumer has no place for.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 4, 20]"), parse_spec("int32[?, 20]"))]
    ['first(axis=1)']
    """
    padding = spec.facts.padding
    if spec.dtype not in MOVED or (padding is not None and padding.side == "pre"):
        return
    for axis, shape in reduced_axes(spec, required):
        result, guard = spec.replace(shape=shape), not_empty(spec, axis)
        yield Step(
            transform=NAME,
            arguments={"axis": axis},
            result=result,
            loss="truncating",
            assumption=f"the first entry of {axis_words(spec, axis)} is the one that is meant",
            guard=guard,
            cost=Cost(assumptions=1, guards=int(guard is not None), bytes_moved=bytes_moved(result, result), steps=1),
            reach="axis",
        )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A slice, of an axis of unknown size with its size asserted."""
    taken = f"{value}[{':, ' * step.arguments['axis']}:1]"
    if step.guard is None:
        return Code(taken)
    return Code(f"tf.ensure_shape({taken}, {list(step.result.shape or ())})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The first entry. Raises GuardError where there is none."""
    import numpy as np

    array, axis = dense(value), step.arguments["axis"]
    if not array.shape[axis]:
        raise GuardError(f"axis {axis} has no entry")
    return np.take(array, [0], axis)
