"""Column: the values of one tensor in some rows, as a source gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class Holed:
    """Rows in which some entries have no value: the `entries` that have one, as rows of one number or text.

    `sizes` are the least and greatest size of each axis behind that of the rows, and `lengths` those of lists, the
    entries without a value among them.
    """

    entries: Column
    rows: int
    sizes: tuple[tuple[int, int], ...]
    lengths: Array | None = None


@dataclass(frozen=True, eq=False)
class Column:
    """Rows of numbers or of texts.

    Dense rows are `values` of shape [rows, ...]. Rows that are lists, each of a length of its own, are `values` of
    shape [all, ...], one row behind the other, and their `lengths`. Of sparse rows `values` are the entries, one row
    behind the other, `lengths` say how many each has, and `sizes` the least and greatest size of each axis behind that
    of the rows. Texts are `values` of dtype object that holds bytes. `missing` counts rows that are not there, beside
    those that are. Rows that are empty lists of a dtype that nobody knows are `is_untyped`. Rows that have entries
    without a value, as lists with nulls, are `holed`, behind the others; `nulls` are such entries.

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
    nulls: int = 0
    holed: Holed | None = None

    @classmethod
    def of_text(cls, values: Array, lengths: Array | None = None, missing: int = 0) -> Column:
        """The rows of a file of text, whose numbers are given as int64 where all are written as whole ones."""
        if values.dtype != np.int64:
            return cls(values, lengths, missing, is_written=values.dtype == np.float64)
        return cls(values.astype(np.float64), lengths, missing, whole=values, is_written=True)

    @property
    def rows(self) -> int:
        """How many rows have a value, whole ones and those with holes."""
        return self.whole_rows + (0 if self.holed is None else self.holed.rows)

    @property
    def whole_rows(self) -> int:
        """How many rows have a value in each entry: those of `values`."""
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
    arrays of their own, which need not have the same rows. `left_out` are others that are no tensors, by name what they
    are; `others` the names of those that were not asked for.
    """

    columns: Columns
    rows: int | None
    left_out: Mapping[str, str] = field(default_factory=dict)
    others: Collection[str] = ()
