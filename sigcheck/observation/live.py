"""Live data: a `tf.data.Dataset`, or any iterable of arrays or of dicts and tuples of them, in the caller's memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sigcheck.observation.arrow import column_from, has_tensor, require_arrow, require_unlike
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch, Column, Holed
from sigcheck.observation.lists import sparse_column, texts_of
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import SourceError

_TEXT_KINDS = frozenset("SUO")
_OF_SPARSE = ("indices", "values", "dense_shape")
# Nobody nests further; a dict that holds itself does.
_DEEPEST = 100
# Of what is told of Python objects.
_MOST_KINDS = 3
_EXPECTED = "expected arrays, or dicts or tuples of them"


def batches_of(data: Iterable[Any], asked: Asked) -> Iterator[Batch]:
    """The rows of each element; with `is_batched` its first axis, else it is one row.

    An entry of a dict is a tensor of its key, one of a tuple of its place behind the name. An array, a dict of them or
    a table of pandas or Arrow is one element. Raises SourceError for what is no tensor, unless it has a name of its own
    among others: then it is left out.
    """
    for at, element in enumerate((data,) if is_element(data) else _elements(data)):
        for part in _parts(element, "data" if element is data else f"element {at}"):
            yield _batch(part, f"element {at}", asked)


def _batch(element: Any, place: str, asked: Asked) -> Batch:
    columns: dict[str, Column] = {}
    left_out: dict[str, str] = {}
    others: set[str] = set()
    for name, value, is_named in _values(element, asked.name, place):
        if not asked.wants(name):
            others.add(name)
            continue
        try:
            columns[name] = _column(value, f"{place}: {name}", is_batched=asked.is_batched)
        except _NoTensorError as error:
            if not is_named:
                raise
            left_out[name] = error.found
    return Batch(columns, None, left_out, others)


class _NoTensorError(SourceError):
    """Values of a type that no tensor has."""

    def __init__(self, place: str, found: str) -> None:
        super().__init__(
            place, f"{found}, expected numbers, texts or arrays of a dtype that TensorFlow has. Convert it."
        )
        self.found = found


def is_element(data: Any) -> bool:
    """Whether this is an array or holds them by name: to go through it would give rows, or names."""
    is_sparse = all(hasattr(data, name) for name in _OF_SPARSE)
    if _is_arrow(data):
        # What reads record batches one by one has a schema, and no columns.
        return hasattr(data, "columns") or hasattr(data, "to_pylist")
    return isinstance(data, Mapping) or hasattr(data, "__array__") or hasattr(data, "row_lengths") or is_sparse


def _parts(data: Any, place: str) -> Iterator[Any]:
    """The same; tables as dicts of their columns. Raises SourceError where two of these have one name."""
    if _is_arrow(data) and hasattr(data, "schema"):
        names = data.schema.names
        require_unlike(names, place)
        for batch in data.to_batches() if hasattr(data, "to_batches") else (data,):
            yield dict(zip(names, batch.columns, strict=True))
    elif _is_arrow(data) and hasattr(data, "chunks"):
        yield from data.chunks
    elif hasattr(data, "columns") and hasattr(data, "items") and not isinstance(data, Mapping):
        require_unlike([str(name) for name, _ in data.items()], place)
        yield dict(data.items())
    else:
        yield data


def _is_arrow(value: Any) -> bool:
    return type(value).__module__.split(".")[0] == "pyarrow"


def _elements(data: Iterable[Any]) -> Iterator[Any]:
    try:
        return iter(data)
    except (TypeError, NotImplementedError):
        # What Keras builds a model of has the method, and refuses.
        problem = f"{type(data).__name__}, expected an iterable of arrays. Give a list of it."
        raise SourceError("data", problem) from None


def _values(element: Any, name: str, place: str, depth: int = 0) -> Iterator[tuple[str, Any, bool]]:
    """Yields (name, value, whether the name is its own)."""
    if depth > _DEEPEST:
        raise SourceError(place, f"nested deeper than {_DEEPEST}, {_EXPECTED}. Take out what holds itself.")
    if isinstance(element, Mapping):
        for key, value in element.items():
            yield from _values(value, str(key), place, depth + 1)
    elif isinstance(element, tuple):
        for index, value in enumerate(element):
            yield from _values(value, f"{name}_{index}", place, depth + 1)
    else:
        yield name, element, depth > 0


def _column(value: Any, place: str, *, is_batched: bool) -> Column:
    if hasattr(value, "row_lengths") and hasattr(value, "flat_values"):
        return _ragged(value, place, is_batched=is_batched)
    if all(hasattr(value, name) for name in _OF_SPARSE):
        return _sparse(value, place, is_batched=is_batched)
    if is_batched and _is_of_arrow(value):
        return _of_arrow(value, place)
    try:
        array = np.asanyarray(value)
    except (ValueError, TypeError):
        raise SourceError(place, f"{type(value).__name__}, {_EXPECTED}. Convert it.") from None
    array = array if is_batched else array[None]
    if not array.ndim:
        raise SourceError(place, "a scalar, expected rows. Say is_batched=False where each element is a row.")
    if isinstance(array, np.ma.MaskedArray):
        return _masked(array, place)
    array = np.asarray(array)
    if array.dtype.kind == "O" and array.ndim == 1:
        return _of_objects(array.tolist(), place)
    return Column(_numbers_or_texts(array, place))


def _is_of_arrow(value: Any) -> bool:
    """Whether these are values of Arrow, or of a column of pandas that knows to become such."""
    return _is_arrow(value) or hasattr(getattr(value, "array", None), "__arrow_array__")


def _of_arrow(value: Any, place: str) -> Column:
    arrow = require_arrow(place, "an array of a type of its own")
    try:
        array = value if _is_arrow(value) else arrow.array(value, from_pandas=True)
    except (ValueError, TypeError, NotImplementedError):
        raise _NoTensorError(place, str(getattr(value, "dtype", type(value).__name__))) from None
    if isinstance(array, arrow.ChunkedArray):
        array = array.combine_chunks()
    if not has_tensor(array.type):
        raise _NoTensorError(place, str(array.type))
    return column_from(array, place)


def _of_objects(values: list[Any], place: str) -> Column:
    """Python objects: texts, or what Arrow takes for numbers or lists.

    None and NaN among them are rows without a value: so pandas keeps columns with cells that lack.
    """
    there = [one for one in values if not _is_missing(one)]
    missing = len(values) - len(there)
    if all(isinstance(one, str | bytes) for one in there):
        # Of cells that lack nobody knows what they would hold.
        return Column(_texts(there), missing=missing)
    try:
        found = _of_arrow(require_arrow(place, "Python objects").array(there), place)
    except (ValueError, TypeError, NotImplementedError):
        kinds = sorted({type(one).__name__ for one in there})
        raise _NoTensorError(place, f"Python objects ({', '.join(kinds[:_MOST_KINDS])})") from None
    return replace(found, missing=missing + found.missing)


def _is_missing(value: Any) -> bool:
    """Whether a cell holds nothing, as pandas says it: None, NaN, or its own NA and NaT."""
    is_nan = isinstance(value, float) and value != value  # noqa: PLR0124  # NaN is not itself
    return value is None or is_nan or type(value).__name__ in {"NAType", "NaTType"}


def _masked(array: Any, place: str) -> Column:
    """What is not masked: rows of which all is are without a value, and such entries of the others are nulls."""
    values, mask = array.data, np.ma.getmaskarray(array)
    by_row = mask.reshape(len(mask), -1)
    has_masked = by_row.any(axis=1)
    is_gone = has_masked & by_row.all(axis=1)
    is_holed = has_masked & ~is_gone
    whole = _numbers_or_texts(values[~has_masked], place)
    missing = int(is_gone.sum())
    if not is_holed.any():
        return Column(whole, missing=missing)
    own = mask[is_holed]
    entries = Column(_numbers_or_texts(values[is_holed][~own], place))
    holed = Holed(entries, len(own), tuple((size, size) for size in values.shape[1:]))
    return Column(whole, missing=missing, nulls=int(own.sum()), holed=holed)


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
            raise _NoTensorError(place, str(array.dtype))
        return array
    values = array.ravel().tolist()
    if not all(isinstance(one, str | bytes) for one in values):
        raise _NoTensorError(place, "Python objects")
    return _texts(values).reshape(array.shape)


def _texts(values: list[Any]) -> Any:
    # Half a surrogate pair is no UTF-8, but a str of Python may have one.
    return texts_of([one.encode("utf-8", "surrogatepass") if isinstance(one, str) else one for one in values])
