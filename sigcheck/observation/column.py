"""Column: the values of one tensor in some rows, as a source gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class Column:
    """Rows of numbers or of texts.

    Dense rows are `values` of shape [rows, ...]. Rows that are lists, each of a length of its own, are `values` of
    shape [all, ...], one row behind the other, and their `lengths`. Of sparse rows `values` are the entries, one row
    behind the other, `lengths` say how many each has, and `sizes` the least and greatest size of each axis behind that
    of the rows. Texts are `values` of dtype object that holds bytes. `missing` counts rows that are not there, beside
    those that are. Rows that are empty lists of a dtype that nobody knows are `is_untyped`.

    Numbers of a file of text have no dtype: such a column `is_written`. Its `values` are float64, and `whole` the same
    numbers as int64 where all are written as whole ones.
    """

    values: Array
    lengths: Array | None = None
    missing: int = 0
    is_untyped: bool = False
    sizes: tuple[tuple[int, int], ...] | None = None
    whole: Array | None = None
    is_written: bool = False

    @classmethod
    def of_text(cls, values: Array, lengths: Array | None = None, missing: int = 0) -> Column:
        """The rows of a file of text, whose numbers are given as int64 where all are written as whole ones."""
        if values.dtype != np.int64:
            return cls(values, lengths, missing, is_written=values.dtype == np.float64)
        return cls(values.astype(np.float64), lengths, missing, whole=values, is_written=True)

    @property
    def rows(self) -> int:
        """How many rows have a value."""
        return len(self.values) if self.lengths is None else len(self.lengths)

    def by_width(self) -> Iterator[Array]:
        """Yields the rows of each length together, as [rows, length, ...]; dense ones as they are."""
        if self.lengths is None:
            yield self.values
            return
        if len(self.lengths) and (self.lengths == self.lengths[0]).all():
            yield self.values.reshape(len(self.lengths), int(self.lengths[0]), *self.values.shape[1:])
            return
        widths = np.unique(self.lengths)
        starts = np.cumsum(self.lengths) - self.lengths
        for width in widths:
            places = starts[self.lengths == width][:, None] + np.arange(width)
            yield self.values[places]

    @property
    def is_sparse(self) -> bool:
        """Whether the rows are sparse."""
        return self.sizes is not None

    @property
    def is_text(self) -> bool:
        """Whether the values are strings."""
        return self.values.dtype.kind == "O"


Columns = Mapping[str, Column]


@dataclass(frozen=True, eq=False)
class Batch:
    """Columns of some rows by name.

    `rows` is how many rows of a table these are, also those of which no column has a value. None where the columns are
    arrays of their own, which need not have the same rows. `left_out` says which others there are that are no tensors.
    """

    columns: Columns
    rows: int | None
    left_out: str | None = None
