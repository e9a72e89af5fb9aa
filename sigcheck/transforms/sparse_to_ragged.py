"""Sparse to ragged: the values that are written in each row, from its beginning.

## What it does
Takes the entries of each row in their order. A row whose entries do not begin at its first place,
or leave one out, is refused: it would be read as a shorter one.

## Example
    tf.RaggedTensor.from_sparse(x)    sparse int32[?, ?] -> ragged int32[?, None]

## What it loses or assumes
Nothing behind the guard.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, RaggedArray, SparseArray, Tensor
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.filling import declared_padding
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code

NAME = "sparse_to_ragged"
ORDER = 250
SETTLES: Coordinates = frozenset({"kind"})
READS: Coordinates = frozenset({"kind", "sizes", "kernels", "padding"})
WRITES: Coordinates = frozenset({"kind", "sizes"})
TAKES: Forms = frozenset({"sparse"})
HAS_KERAS = False
HAS_NUMPY = False

# Rows of single values: tf.RaggedTensor.from_sparse takes no others.
_RANK = 2


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the rows where rows are required, or where the consumer declares how they are filled.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step.result) for step in propose(parse_spec("sparse int32[?, ?]"), parse_spec("ragged int32[?, None]"))]
    ['ragged int32[?, None]']
    """
    if spec.kind != "sparse" or spec.dtype not in MOVED or spec.shape is None or len(spec.shape) != _RANK:
        return
    padding = declared_padding(spec, required)
    # Behind its values a row is filled where it stands.
    is_filled_in_front = required.kind == "dense" and padding is not None and padding.side == "pre"
    if not is_filled_in_front and (required.kind != "ragged" or required.ragged_rank != 1):
        return
    result = TensorSpec(
        kind="ragged",
        dtype=spec.dtype,
        # TensorFlow forgets how many rows there are.
        shape=(None, None),
        ragged_rank=1,
        row_splits_dtype=required.row_splits_dtype or "int64",
        facts=spec.facts,
    )
    yield Step(
        transform=NAME,
        result=result,
        guard="every row is written from its beginning, without gaps",
        cost=Cost(guards=1, bytes_moved=bytes_moved(spec, result), steps=1),
        reach="axis",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.RaggedTensor.from_sparse`, which refuses rows with gaps."""
    splits = ", row_splits_dtype=tf.int32" if step.result.row_splits_dtype == "int32" else ""
    return Code(f"tf.RaggedTensor.from_sparse({value}{splits})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The values in their order, cut into rows. Raises GuardError where a row has a gap."""
    import numpy as np

    if not isinstance(value, SparseArray):
        raise TypeError(f"a sparse array is wanted here, not a {type(value).__name__}")
    rows, places = value.indices[:, 0], value.indices[:, 1]
    lengths = np.bincount(rows, minlength=int(value.dense_shape[0]))
    splits = np.concatenate([[0], np.cumsum(lengths)]).astype(step.result.row_splits_dtype)
    if not np.array_equal(places, np.arange(len(rows)) - splits[rows]):
        raise GuardError("a row is not written from its beginning, or has a gap")
    return RaggedArray(value.values, (splits,))
