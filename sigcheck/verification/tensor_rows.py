"""Tensor rows: whole batches taken apart into their rows, and put together of them, in NumPy."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, RaggedArray, Tensor, dense, numpy_dtype

if TYPE_CHECKING:
    import numpy as np


def row_count(value: Tensor) -> int:
    """How many rows a dense or ragged tensor has."""
    return len(value.row_splits[0]) - 1 if isinstance(value, RaggedArray) else len(dense(value))


def one_by_one(values: Mapping[str, Tensor]) -> Iterator[dict[str, Tensor]]:
    """Yields the rows of values that have as many of them."""
    for at in range(row_count(next(iter(values.values())))):
        yield {name: row_at(value, at) for name, value in values.items()}


def row_at(value: Tensor, at: int) -> Tensor:
    """One row; of a tensor with one ragged axis it is dense."""
    import numpy as np

    if not isinstance(value, RaggedArray):
        # A row without axes is an array, and no number.
        return np.asarray(dense(value)[at], dense(value).dtype)
    start, stop = (int(place) for place in value.row_splits[0][at : at + 2])
    splits = []
    for inner in value.row_splits[1:]:
        own = inner[start : stop + 1]
        start, stop = int(own[0]), int(own[-1])
        splits.append(own - own[0])
    rows = value.values[start:stop]
    return RaggedArray(rows, tuple(splits)) if splits else rows


def even(row: Tensor) -> Array:
    """A row whose own rows are of one length, as a dense one."""
    if not isinstance(row, RaggedArray):
        return dense(row)
    sizes = [len(row.row_splits[0]) - 1]
    for splits in row.row_splits:
        count = len(splits) - 1
        sizes.append(int(splits[-1]) // count if count else 0)
    return row.values.reshape(*sizes, *row.values.shape[1:])


def joined_rows(rows: Sequence[Tensor], whole: TensorSpec) -> Tensor:
    """The tensor of these rows, one or more; `whole` says whether it is ragged, and in how many axes."""
    import numpy as np

    if whole.kind == "dense":
        return np.stack([dense(row) for row in rows])
    apart = [_apart(row, (whole.ragged_rank or 1) - 1) for row in rows]
    dtype = np.dtype(whole.row_splits_dtype)
    counts = [len(row.row_splits[0]) - 1 if row.row_splits else len(row.values) for row in apart]
    inner = [
        _splits([int(one) for row in apart for one in np.diff(row.row_splits[axis])], dtype)
        for axis in range(len(apart[0].row_splits))
    ]
    return RaggedArray(np.concatenate([row.values for row in apart]), (_splits(counts, dtype), *inner))


def no_rows(whole: TensorSpec) -> Tensor:
    """The tensor without rows: sizes that no row tells are 0."""
    import numpy as np

    axes = whole.ragged_rank or 0
    sizes = [size or 0 for size in (whole.shape or (None,))[1 + axes :]]
    values = np.zeros((0, *sizes), numpy_dtype(whole.dtype or "float32"))
    splits = tuple(np.zeros(1, np.dtype(whole.row_splits_dtype)) for _ in range(axes))
    return RaggedArray(values, splits) if axes else values


def _apart(row: Tensor, axes: int) -> RaggedArray:
    """A row with so many ragged axes of its own; none where it is dense."""
    import numpy as np

    if isinstance(row, RaggedArray):
        return row
    array = dense(row)
    splits = []
    for axis in range(1, axes + 1):
        count = math.prod(array.shape[:axis])
        splits.append(np.arange(count + 1) * array.shape[axis])
    return RaggedArray(array.reshape(math.prod(array.shape[: axes + 1]), *array.shape[axes + 1 :]), tuple(splits))


def _splits(lengths: Sequence[int], dtype: np.dtype[Any]) -> Array:
    import numpy as np

    return np.cumsum([0, *lengths], dtype=dtype)
