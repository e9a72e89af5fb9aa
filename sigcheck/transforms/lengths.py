"""Lengths: how many values each row has.

## What it does
Counts the values of each row where the consumer declares that it wants lengths: of a ragged
tensor all, of a dense one those up to the last that is not the padding which the producer
declares, or from the first. A value in the middle of a row counts, even if it equals the padding.
Numbers may be lengths themselves: what else they are the producer has to declare.

## Example
    x.row_lengths()    ragged int32[?, None], meaning token_ids -> int64[?], meaning lengths

## What it loses or assumes
Irreversible: the values themselves are gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts import rows
from sigcheck.transforms.parts.array import Array, RaggedArray, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.layout import forgets
from sigcheck.transforms.parts.transform import Code

NAME = "lengths"
ORDER = 290
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "padding"})
WRITES: Coordinates = frozenset({"kind", "sizes", "axes", "colours", "dtype", "encoding", "meaning", "ids", "padding"})

NUMPY_CALLS, KERAS_CALLS = rows.NUMPY_CALLS, rows.KERAS_CALLS

# What is counted in; a cast gives any other.
RESULTS = ("int64", "int32")
_DERIVED = frozenset({"lengths", "mask"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the count of the values of each row.

    >>> from sigcheck.schema.notation import parse_spec
    >>> wanted = TensorSpec(dtype="int64", shape=(None,), facts=Facts(meaning="lengths"))
    >>> [str(step) for step in propose(parse_spec("ragged string[?, None]"), wanted)]
    ['lengths(dtype=int64)']
    """
    if required.facts.meaning != "lengths" or spec.facts.meaning in _DERIVED or required.kind != "dense":
        return
    if spec.shape is None or len(spec.shape) <= 1 or spec.kind == "sparse":
        return
    dtype = required.dtype if required.dtype in RESULTS else RESULTS[0]
    arguments: dict[str, object] = {"dtype": dtype}
    kept = 0
    if spec.kind == "dense":
        ends = rows.row_ends(spec)
        if ends is None:
            return
        arguments |= ends
        kept = 1 - ends.get("axis", 1)
    if not rows.takes_counts(required, spec.shape[1 - kept]):
        return
    axes = None if spec.facts.axes is None else (spec.facts.axes[kept],)
    if forgets(spec.facts.axes, axes, required.facts):
        return
    result = TensorSpec(dtype=dtype, shape=(spec.shape[kept],), facts=Facts(meaning="lengths", axes=axes))
    yield Step(
        transform=NAME,
        arguments=arguments,
        result=result,
        loss="irreversible",
        cost=Cost(irreversible=1, bytes_moved=bytes_moved(spec, result), steps=1),
        reach="rows" if spec.kind == "ragged" else "tensor",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`row_lengths`, or a count of the places up to the last value that is not the padding."""
    dtype = step.arguments["dtype"]
    if spec.kind == "ragged":
        lengths = f"{value}.row_lengths()"
        return Code(lengths if spec.row_splits_dtype == dtype else f"tf.cast({lengths}, tf.{dtype})")
    filler, side, axis = rows.told_ends(step)
    lines = rows.is_row_code(spec, value, filler, side, axis)
    return Code(f"tf.math.count_nonzero(is_row, axis={axis}, dtype=tf.{dtype})", lines)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The differences of the row splits, or the number of places in each row."""
    import numpy as np

    if isinstance(value, RaggedArray):
        lengths: Array = np.diff(value.row_splits[0])
    else:
        filler, side, axis = rows.told_ends(step)
        lengths = np.sum(rows.is_row(dense(value), filler, side, axis), axis=axis)
    return lengths.astype(step.arguments["dtype"])
