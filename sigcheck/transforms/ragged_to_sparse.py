"""Ragged to sparse: the values of each row at the places that they have in it.

## What it does
Writes every value of a row with its index; a row is as long as the longest one, and what it
lacks is not written.

## Example
    x.to_sparse()    ragged int32[?, None] -> sparse int32[?, ?]

## What it loses or assumes
Nothing: rows end where their last value is written, zeros among the values included.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, Tensor
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code, keep_static_shape

NAME = "ragged_to_sparse"
ORDER = 280
SETTLES: Coordinates = frozenset({"kind"})
READS: Coordinates = frozenset({"kind", "sizes", "dtype", "encoding", "meaning", "ids", "boxes"})
WRITES: Coordinates = frozenset({"kind", "sizes"})
TAKES: Forms = frozenset({"ragged"})
MEETS: Forms = frozenset({"sparse"})
HAS_KERAS = False
HAS_NUMPY = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the sparse form of rows of single values.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step.result) for step in propose(parse_spec("ragged int32[?, None]"), parse_spec("sparse int32[?, ?]"))]
    ['sparse int32[?, ?]']
    """
    if spec.kind != "ragged" or required.kind != "sparse" or spec.dtype not in MOVED or spec.shape is None:
        return
    # What is beside the rows, and rows of rows, would need a place for each of their own axes.
    if spec.ragged_rank != 1 or len(spec.shape) != 2:  # noqa: PLR2004  # rows of values
        return
    if VALUE_FACTS.intersection(conflicts(spec, required)):
        return
    result = TensorSpec(kind="sparse", dtype=spec.dtype, shape=(spec.shape[0], None), facts=spec.facts)
    yield Step(transform=NAME, result=result, cost=Cost(bytes_moved=bytes_moved(spec, result), steps=1), reach="axis")


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`to_sparse`."""
    return keep_static_shape(step.result, Code(f"{value}.to_sparse()"))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Each value at (row, place in the row)."""
    import numpy as np

    if not isinstance(value, RaggedArray):
        raise TypeError(f"a ragged array is wanted here, not a {type(value).__name__}")
    lengths = np.diff(value.row_splits[0]).astype(np.int64)
    rows = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    places = np.arange(len(rows), dtype=np.int64) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    shape = np.asarray([len(lengths), lengths.max(initial=0)], np.int64)
    return SparseArray(np.stack([rows, places], axis=1), value.values, shape)
