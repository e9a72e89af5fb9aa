"""Arrow: columns of Apache Arrow, which reads CSV and Parquet, as columns of rows."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from sigcheck.observation.array_file import MOST_ROW_BYTES
from sigcheck.observation.column import Array, Column
from sigcheck.observation.lists import texts_of
from sigcheck.schema.errors import SourceError


def require_arrow(place: str, what: str) -> Any:
    """The module. Raises SourceError at `place`, of a file of this kind, where it is not installed."""
    try:
        return import_module("pyarrow")
    except ImportError:
        raise SourceError(place, f"{what}, which needs an extra: pip install 'sigcheck[observe]'.") from None


def column_from(array: Any, place: str) -> Column:
    """The rows of an Arrow array that are not null. Raises SourceError at `place` for a type that no tensor has."""
    types = import_module("pyarrow").types
    missing = array.null_count
    there = array.drop_null() if missing else array
    kind = there.type
    if types.is_dictionary(kind):
        return Column(_values(there.dictionary, place)[there.indices.to_numpy(zero_copy_only=False)], missing=missing)
    if types.is_null(kind):
        return Column(np.zeros(0, np.float32), missing=missing)
    if types.is_list(kind) or types.is_large_list(kind):
        lengths = there.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
        values = _values(there.flatten(), place)
        _require_short(int(lengths.max(initial=0)) * values.itemsize, place)
        return Column(values, lengths, missing)
    if types.is_fixed_size_list(kind):
        values = _values(there.flatten(), place)
        _require_short(kind.list_size * values.itemsize, place)
        return Column(values.reshape(-1, kind.list_size, *values.shape[1:]), missing=missing)
    if any(
        is_kind(kind) for is_kind in (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    ):
        texts = (text.encode() if isinstance(text, str) else text for text in there.to_pylist())
        return Column(texts_of(list(texts)), missing=missing)
    if types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind):
        return Column(there.to_numpy(zero_copy_only=False), missing=missing)
    raise SourceError(place, f"{kind}, expected numbers, texts or lists of them. Convert the column.")


def has_tensor(kind: Any) -> bool:
    """Whether an Arrow array of this type may be the rows of a tensor."""
    try:
        column_from(import_module("pyarrow").array([], type=kind), "")
    except SourceError:
        return False
    return True


def _require_short(row: int, place: str) -> None:
    """Raises SourceError for a row of so many bytes that nobody can hold it, as of an array in a file."""
    if row > MOST_ROW_BYTES:
        problem = f"a list of {row >> 20} MiB in one row, expected at most {MOST_ROW_BYTES >> 20} MiB. Split it."
        raise SourceError(place, problem)


def _values(array: Any, place: str) -> Array:
    """The values of an array in which none is null or a list."""
    if import_module("pyarrow").types.is_null(array.type):
        raise SourceError(place, "lists of null, expected lists of values. Leave the column out.")
    found = column_from(array, place)
    if found.missing or found.lengths is not None:
        raise SourceError(place, "lists of lists, or with nulls in them, expected lists of values. Flatten them.")
    return found.values
