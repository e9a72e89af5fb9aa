"""Arrow: columns of Apache Arrow, which reads CSV and Parquet, as columns of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from sigcheck.observation.array_file import MOST_ROW_BYTES
from sigcheck.observation.column import Array, Column, Holed
from sigcheck.observation.lists import holed_lists, texts_of
from sigcheck.schema.errors import SourceError


def require_arrow(place: str, what: str) -> Any:
    """The module. Raises SourceError at `place`, of a file of this kind, where it is not installed."""
    try:
        return import_module("pyarrow")
    except ImportError:
        raise SourceError(place, f"{what}, which needs an extra: pip install 'sigcheck[observe]'.") from None


def column_from(array: Any, place: str) -> Column:  # noqa: PLR0911  # a case for each kind of type
    """The rows of an Arrow array that are not null. Raises SourceError at `place` for a type that no tensor has."""
    types = import_module("pyarrow").types
    missing = array.null_count
    there = array.drop_null() if missing else array
    kind = there.type
    if types.is_dictionary(kind):
        return Column(_values(there.dictionary, place)[there.indices.to_numpy(zero_copy_only=False)], missing=missing)
    if types.is_null(kind):
        return Column(np.zeros(0, np.float32), missing=missing)
    if (types.is_list(kind) or types.is_large_list(kind)) and types.is_null(kind.value_type):
        lengths = there.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
        return holed_lists(Column(np.zeros(0, np.float32)), np.zeros(lengths.sum(), np.bool_), lengths, missing)
    if types.is_list(kind) or types.is_large_list(kind):
        lengths = there.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
        flat = there.flatten()
        values = _values(flat.drop_null(), place)
        _require_short(int(lengths.max(initial=0)) * values.itemsize, place)
        if flat.null_count:
            return holed_lists(Column(values), _is_there(flat), lengths, missing)
        return Column(values, lengths, missing)
    if types.is_fixed_size_list(kind):
        flat = there.flatten()
        values = _values(flat.drop_null(), place)
        _require_short(kind.list_size * values.itemsize, place)
        if flat.null_count:
            return _holed_rows(values, _is_there(flat), kind.list_size, missing)
        return Column(values.reshape(-1, kind.list_size, *values.shape[1:]), missing=missing)
    if types.is_fixed_size_binary(kind) or any(is_text(kind) for is_text in _texts(types)):
        texts = (text.encode() if isinstance(text, str) else text for text in there.to_pylist())
        return Column(texts_of(list(texts)), missing=missing)
    if types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind):
        return Column(there.to_numpy(zero_copy_only=False), missing=missing)
    raise SourceError(place, f"{kind}, expected numbers, texts or lists of them. Convert the column.")


def _texts(types: Any) -> tuple[Callable[[Any], bool], ...]:
    return (
        types.is_string,
        types.is_large_string,
        types.is_string_view,
        types.is_binary,
        types.is_large_binary,
        types.is_binary_view,
    )


def _is_there(array: Any) -> Array:
    found: Array = array.is_valid().to_numpy(zero_copy_only=False)
    return found


def _holed_rows(values: Array, is_there: Array, size: int, missing: int) -> Column:
    """Rows of one length in which some entries are null; `values` are those that are not."""
    by_row = is_there.reshape(-1, size)
    has_null: Array = np.logical_not(by_row.all(axis=1))
    is_whole = ~has_null[np.nonzero(by_row)[0]]
    whole = values[is_whole].reshape(-1, size, *values.shape[1:])
    sizes = tuple((one, one) for one in whole.shape[1:])
    holed = Holed(Column(values[~is_whole].reshape(-1)), int(has_null.sum()), sizes)
    return Column(whole, missing=missing, nulls=int((~is_there).sum()), holed=holed)


def require_unlike(names: Sequence[str], place: str) -> None:
    """Raises SourceError where two columns have one name: it would be unknown which is meant."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise SourceError(place, f"two columns {twice[0]!r}, expected names that differ. Rename one.")


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
    if found.missing or found.nulls or found.lengths is not None:
        raise SourceError(place, "lists of lists, or with nulls in them, expected lists of values. Flatten them.")
    return found.values
