"""Lists: rows of values, one list for each row, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sigcheck.observation.column import Array, Column, Holed


def column_of(rows: Sequence[Array], missing: int = 0) -> Column:
    """The column of these rows, lists of one dtype, each of shape [length]."""
    lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
    return Column(np.concatenate(rows) if rows else np.zeros(0, np.float32), lengths, missing)


def empty_lists(count: int, missing: int = 0) -> Column:
    """The column of so many rows that are lists without an entry, which do not say of what."""
    return Column(np.zeros(0, np.float32), np.zeros(count, np.int64), missing, is_untyped=True)


def holed_lists(entries: Column, is_there: Array, lengths: Array, missing: int = 0) -> Column:
    """The column of lists, of which some entries are null.

    `entries` are those that are not, one list behind the other, and `is_there` says of all which these are. Lists of
    nulls alone, of which no other says what they hold, have no value.
    """
    nulls = len(is_there) - int(is_there.sum())
    row_of = np.repeat(np.arange(len(lengths)), lengths)
    has_null = np.bincount(row_of[~is_there], minlength=len(lengths)) > 0
    if not len(entries.values):
        count = int(has_null.sum())
        return replace(empty_lists(len(lengths) - count, missing + count), nulls=nulls)
    is_whole = ~has_null[row_of[is_there]]
    holed = lengths[has_null]
    return replace(
        _of(entries, is_whole),
        lengths=lengths[~has_null],
        missing=missing,
        nulls=nulls,
        holed=Holed(_of(entries, ~is_whole), len(holed), ((int(holed.min()), int(holed.max())),), holed)
        if nulls
        else None,
    )


def _of(entries: Column, places: Array) -> Column:
    whole = None if entries.whole is None else entries.whole[places]
    return replace(entries, values=entries.values[places], whole=whole)


def sparse_column(values: Array, lengths: Array, sizes: Sequence[Sequence[int]]) -> Column:
    """The column of sparse rows: their entries, how many each has, and what dense shapes they have, of one rank."""
    ends = tuple((min(axis), max(axis)) for axis in zip(*sizes, strict=True))
    return Column(values, lengths, sizes=ends)


def texts_of(texts: Sequence[bytes]) -> Array:
    """Texts as an array of objects of shape [count]."""
    found = np.empty(len(texts), object)
    found[:] = texts
    return found
