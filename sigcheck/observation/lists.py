"""Lists: rows of values, one list for each row, as columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sigcheck.observation.column import Array, Column


def column_of(rows: Sequence[Array], missing: int = 0) -> Column:
    """The column of these rows, lists of one dtype, each of shape [length]."""
    lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
    return Column(np.concatenate(rows) if rows else np.zeros(0, np.float32), lengths, missing)


def empty_lists(count: int, missing: int = 0) -> Column:
    """The column of so many rows that are lists without an entry, which do not say of what."""
    return Column(np.zeros(0, np.float32), np.zeros(count, np.int64), missing, is_untyped=True)


def sparse_column(values: Array, lengths: Array, sizes: Sequence[Sequence[int]]) -> Column:
    """The column of sparse rows: their entries, how many each has, and what dense shapes they have, of one rank."""
    ends = tuple((min(axis), max(axis)) for axis in zip(*sizes, strict=True))
    return Column(values, lengths, sizes=ends)


def texts_of(texts: Sequence[bytes]) -> Array:
    """Texts as an array of objects of shape [count]."""
    found = np.empty(len(texts), object)
    found[:] = texts
    return found
