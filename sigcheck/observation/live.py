"""Live data: a `tf.data.Dataset`, or any iterable of arrays or of dicts and tuples of them, in the caller's memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from sigcheck.observation.column import Column, Columns
from sigcheck.observation.lists import sparse_column, texts_of
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import SourceError

_TEXT_KINDS = frozenset("SUO")
_OF_SPARSE = ("indices", "values", "dense_shape")
# Nobody nests further; a dict that holds itself does.
_DEEPEST = 100
_EXPECTED = "expected arrays, or dicts or tuples of them"


def batches_of(data: Iterable[Any], name: str, *, is_batched: bool) -> Iterator[Columns]:
    """The rows of each element; with `is_batched` its first axis, else it is one row.

    An entry of a dict is a tensor of its key, one of a tuple of its place behind the name. An array, a dict of them or
    a table is one element. Raises SourceError for what is no tensor.
    """
    for at, element in enumerate((_entries(data),) if is_element(data) else _elements(data)):
        yield dict(_columns(element, name, f"element {at}", is_batched=is_batched))


def is_element(data: Any) -> bool:
    """Whether this is an array or holds them by name: to go through it would give rows, or names."""
    is_sparse = all(hasattr(data, name) for name in _OF_SPARSE)
    return isinstance(data, Mapping) or hasattr(data, "__array__") or hasattr(data, "row_lengths") or is_sparse


def _entries(data: Any) -> Any:
    """The same; the columns of a pandas table by their names."""
    return dict(data.items()) if hasattr(data, "columns") and hasattr(data, "items") else data


def _elements(data: Iterable[Any]) -> Iterator[Any]:
    try:
        return iter(data)
    except (TypeError, NotImplementedError):
        # What Keras builds a model of has the method, and refuses.
        problem = f"{type(data).__name__}, expected an iterable of arrays. Give a list of it."
        raise SourceError("data", problem) from None


def _columns(element: Any, name: str, place: str, *, is_batched: bool, depth: int = 0) -> Iterator[tuple[str, Column]]:
    if depth > _DEEPEST:
        raise SourceError(place, f"nested deeper than {_DEEPEST}, {_EXPECTED}. Take out what holds itself.")
    if isinstance(element, Mapping):
        for key, value in element.items():
            yield from _columns(value, str(key), place, is_batched=is_batched, depth=depth + 1)
    elif isinstance(element, tuple):
        for index, value in enumerate(element):
            yield from _columns(value, f"{name}_{index}", place, is_batched=is_batched, depth=depth + 1)
    else:
        yield name, _column(element, f"{place}: {name}", is_batched=is_batched)


def _column(value: Any, place: str, *, is_batched: bool) -> Column:
    if hasattr(value, "row_lengths") and hasattr(value, "flat_values"):
        return _ragged(value, place, is_batched=is_batched)
    if all(hasattr(value, name) for name in _OF_SPARSE):
        return _sparse(value, place, is_batched=is_batched)
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        raise SourceError(place, f"{type(value).__name__}, {_EXPECTED}. Convert it.") from None
    array = array if is_batched else array[None]
    if not array.ndim:
        raise SourceError(place, "a scalar, expected rows. Say is_batched=False where each element is a row.")
    return Column(_numbers_or_texts(array, place))


def _sparse(value: Any, place: str, *, is_batched: bool) -> Column:
    sizes = np.asarray(value.dense_shape).tolist()
    values = _numbers_or_texts(np.asarray(value.values), place)
    if not is_batched:
        return sparse_column(values, np.array([len(values)]), [sizes])
    lengths = np.bincount(np.asarray(value.indices)[:, 0], minlength=sizes[0])
    return sparse_column(values, lengths, [sizes[1:]])


def _ragged(value: Any, place: str, *, is_batched: bool) -> Column:
    if value.ragged_rank != 1 or not is_batched:
        raise SourceError(place, f"ragged rank {value.ragged_rank}, expected rows of values. Flatten it.")
    return Column(_numbers_or_texts(np.asarray(value.flat_values), place), np.asarray(value.row_lengths(), np.int64))


def _numbers_or_texts(array: Any, place: str) -> Any:
    if array.dtype.kind not in _TEXT_KINDS:
        if array.dtype.name not in DTYPES:
            raise SourceError(place, f"{array.dtype}, expected a dtype that TensorFlow has. Convert it.")
        return array
    texts = [one.encode() if isinstance(one, str) else one for one in array.ravel().tolist()]
    if any(not isinstance(one, bytes) for one in texts):
        raise SourceError(place, f"Python objects, {_EXPECTED}. Convert them.")
    return texts_of(texts).reshape(array.shape)
