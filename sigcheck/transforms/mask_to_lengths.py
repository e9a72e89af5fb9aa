"""Mask to lengths: how many places of each row a mask keeps.

## What it does
Counts the ones of each row, where the producer declares a mask and the consumer lengths.

## Example
    tf.math.count_nonzero(x, axis=1)    int32[?, 128], mask -> int64[?], lengths

## What it loses or assumes
Nothing: a row of which a one stands behind a zero has no length that says where its ones are, and is
refused. So is one with a zero behind a one, where the mask is declared to be filled in front.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.layout import forgets
from sigcheck.transforms.parts.rows import along, is_marked_by_filling, row_axis, takes_counts
from sigcheck.transforms.parts.transform import Code

NAME = "mask_to_lengths"
ORDER = 307
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "padding"})
WRITES: Coordinates = frozenset({"sizes", "axes", "colours", "dtype", "encoding", "meaning", "ids", "boxes", "padding"})

HAS_KERAS = False

# What is counted in; a cast gives any other.
RESULTS = ("int64", "int32")
_MESSAGE = "a one of the mask stands behind a zero"
# Of a mask that is declared to be filled up in front.
_MESSAGE_IN_FRONT = "a zero of the mask stands behind a one"


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the count of the ones of each row.

    >>> mask = TensorSpec(dtype="int32", shape=(None, 9), facts=Facts(meaning="mask"))
    >>> wanted = TensorSpec(dtype="int64", shape=(None,), facts=Facts(meaning="lengths"))
    >>> [str(step) for step in propose(mask, wanted)]
    ['mask_to_lengths(dtype=int64)']
    """
    if spec.facts.meaning != "mask" or required.facts.meaning != "lengths" or required.kind != "dense":
        return
    axis = row_axis(spec)
    if axis is None or spec.shape is None or is_marked_by_filling(spec):
        return
    if spec.dtype not in ORDERED and spec.dtype != "bool":
        return
    if spec.facts.quantization is not None or spec.facts.normalization is not None:
        return
    if not takes_counts(required, spec.shape[axis]):
        return
    names, kept = spec.facts.axes, 1 - axis
    left = None if names is None else (names[kept],)
    if forgets(names, left, required.facts):
        return
    padding = spec.facts.padding
    in_front = {} if padding is None or padding.side == "post" else {"side": padding.side}
    dtype = required.dtype if required.dtype in RESULTS else RESULTS[0]
    result = TensorSpec(dtype=dtype, shape=(spec.shape[kept],), facts=Facts(meaning="lengths", axes=left))
    yield Step(
        transform=NAME,
        arguments={"dtype": dtype, **in_front, **along(axis)},
        result=result,
        guard=f"the ones of each row stand {'behind' if in_front else 'in front of'} its zeros",
        cost=Cost(guards=1, bytes_moved=bytes_moved(spec, result), steps=1),
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.math.count_nonzero`, behind an assertion on neighbours."""
    axis = step.arguments.get("axis", 1)
    is_one = value if spec.dtype == "bool" else f"tf.not_equal({value}, tf.constant(0, tf.{spec.dtype}))"
    neighbours = ["is_one[1:]", "is_one[:-1]"] if axis == 0 else ["is_one[:, 1:]", "is_one[:, :-1]"]
    message = _MESSAGE
    if "side" in step.arguments:
        neighbours, message = neighbours[::-1], _MESSAGE_IN_FRONT
    lines = (
        f"is_one = tf.cast({is_one}, tf.int32)",
        f'tf.debugging.assert_less_equal({", ".join(neighbours)}, message="{message}")',
    )
    return Code(f"tf.math.count_nonzero(is_one, axis={axis}, dtype=tf.{step.arguments['dtype']})", lines)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The number of ones of each row. Raises GuardError where one stands behind a zero."""
    import numpy as np

    array, axis = dense(value), step.arguments.get("axis", 1)
    rows = array if axis == 1 else array.T
    lengths = []
    for row in rows:
        places = [at for at, one in enumerate(row.tolist()) if one != 0]
        is_in_front = "side" in step.arguments
        begin = len(row) - len(places) if is_in_front else 0
        if places != list(range(begin, begin + len(places))):
            raise GuardError(_MESSAGE_IN_FRONT if is_in_front else _MESSAGE)
        lengths.append(len(places))
    counted: Array = np.asarray(lengths, step.arguments["dtype"])
    return counted
