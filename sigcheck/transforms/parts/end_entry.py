"""End entry: the entry at one end of an axis, which `first` and `last` take by permission."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.reduced import axis_words, not_empty, reduced_axes
from sigcheck.transforms.parts.transform import Code

End = Literal["first", "last"]

# On the side where rows are filled up the entry at the end may be no value.
_FILLED = {"first": "pre", "last": "post"}
_SLICES = {"first": ":1", "last": "-1:"}


def propose_end(end: End, spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the entry at this end of each axis that the consumer has no place for."""
    padding = spec.facts.padding
    if spec.dtype not in MOVED or (padding is not None and padding.side == _FILLED[end]):
        return
    for axis, shape in reduced_axes(spec, required):
        result, guard = spec.replace(shape=shape), not_empty(spec, axis)
        yield Step(
            transform=end,
            arguments={"axis": axis},
            result=result,
            loss="truncating",
            assumption=f"the {end} entry of {axis_words(spec, axis)} is the one that is meant",
            guard=guard,
            cost=Cost(assumptions=1, guards=int(guard is not None), bytes_moved=bytes_moved(result, result), steps=1),
            reach="axis",
        )


def emit_end(end: End, step: Step, value: str) -> Code:
    """A slice, of an axis of unknown size with its size asserted."""
    taken = f"{value}[{':, ' * step.arguments['axis']}{_SLICES[end]}]"
    if step.guard is None:
        return Code(taken)
    return Code(f"tf.ensure_shape({taken}, {list(step.result.shape or ())})")


def take_end(end: End, step: Step, value: Tensor) -> Tensor:
    """The entry. Raises GuardError where there is none."""
    import numpy as np

    array, axis = dense(value), step.arguments["axis"]
    size = array.shape[axis]
    if not size:
        raise GuardError(f"axis {axis} has no entry")
    return np.take(array, [0 if end == "first" else size - 1], axis)
