"""Lists: rows of values, one list for each row, as columns of equal or of varying length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sigcheck.observation.column import Column

Array = np.ndarray[Any, np.dtype[Any]]


def column_of(rows: Sequence[Array], missing: int = 0) -> Column:
    """The column of these rows, each of shape [length] and of one dtype: dense where all are of one length."""
    lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
    values = np.concatenate(rows) if rows else np.zeros(0, np.float32)
    if len(rows) and (lengths == lengths[0]).all():
        return Column(values.reshape(len(rows), int(lengths[0])), missing=missing)
    return Column(values, lengths, missing)


def texts_of(texts: Sequence[bytes]) -> Array:
    """Texts as an array of objects of shape [count]."""
    found = np.empty(len(texts), object)
    found[:] = texts
    return found
