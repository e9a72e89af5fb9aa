"""Choose: some entries of an axis, by their places.

## What it does
Takes entries of one axis in their order, where the consumer has fewer of them, or one and no axis for it. Which
ones no size says: it is used where an example pair decides, or where the policy allows it by name.

## Example
    tf.gather(x, [0, 2], axis=1)    int32[?, 3] -> int32[?, 2]

## What it loses or assumes
Truncating: the other entries are gone. That these are the ones that are meant is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from math import comb

from sigcheck.schema.axis_agreement import is_one_axis
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.channels import axes_of_numbers
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code

NAME = "choose"
ORDER = 395
BY_EXAMPLE = True
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "kernels"})
WRITES: Coordinates = frozenset({"sizes"})

NUMPY_CALLS = {
    "tf.gather": NumpyCall(("x", "places", "axis"), "np.take({x}, {places}, axis={axis})"),
}
KERAS_CALLS = {"tf.gather": lambda keras: lambda x, places, axis: keras.ops.take(x, places, axis=axis)}

# Of eight entries four can be chosen in 70 ways; of more nobody could check an example.
MOST_CHOICES = 70


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the choices of as many entries of an axis as are required.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 3]"), parse_spec("int32[?, 2]"))]
    ['choose(axis=1, places=[0, 1])', 'choose(axis=1, places=[0, 2])', 'choose(axis=1, places=[1, 2])']
    """
    if {spec.kind, required.kind} != {"dense"} or spec.dtype not in MOVED:
        return
    if spec.shape is None or required.shape is None:
        return
    spared = axes_of_numbers(spec)
    for axis, size in enumerate(spec.shape):
        count = _count(spec, required, axis)
        if size is None or count is None or axis in spared or comb(size, count) > MOST_CHOICES:
            continue
        for places in islice(combinations(range(size), count), MOST_CHOICES):
            result = spec.replace(shape=(*spec.shape[:axis], count, *spec.shape[axis + 1 :]))
            yield Step(
                transform=NAME,
                arguments={"axis": axis, "places": places},
                result=result,
                loss="truncating",
                assumption=f"the entries {', '.join(map(str, places))} of axis {axis} are the ones that are meant",
                cost=Cost(truncating=1, assumptions=1, bytes_moved=bytes_moved(result, result), steps=1),
                reach="axis",
            )


def _count(spec: TensorSpec, required: TensorSpec, axis: int) -> int | None:
    """How many entries of an axis the consumer has; None where not fewer, or where another axis differs too."""
    shape, wanted = spec.shape or (), required.shape or ()
    size = shape[axis] or 0
    if len(shape) == len(wanted):
        count = wanted[axis] or 0
        is_only = is_one_axis(spec, required, axis)
        others = zip((*shape[:axis], *shape[axis + 1 :]), (*wanted[:axis], *wanted[axis + 1 :]), strict=True)
    elif len(shape) == len(wanted) + 1:
        count, is_only = 1, True
        others = zip((*shape[:axis], *shape[axis + 1 :]), wanted, strict=True)
    else:
        return None
    is_only = is_only and all(ours == theirs or None in {ours, theirs} for ours, theirs in others)
    return count if is_only and 0 < count < size else None


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.gather`."""
    return Code(f"tf.gather({value}, {list(step.arguments['places'])}, axis={step.arguments['axis']})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The entries at these places, one after the other."""
    import numpy as np

    array, axis = dense(value), step.arguments["axis"]
    parts = [array[(slice(None),) * axis + (slice(at, at + 1),)] for at in step.arguments["places"]]
    return np.concatenate(parts, axis)
