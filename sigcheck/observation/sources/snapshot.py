"""Elements that `tf.data.Dataset.save` wrote, without or with GZIP: each tensor of an element is a record.

A folder has what an element is made of (`dataset_spec.pb`, a StructuredValue of struct.proto) beside a folder for each
run, and in that one for each shard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from sigcheck.encodings.message import Message, decode
from sigcheck.encodings.whole_file import read_whole
from sigcheck.observation.asked import Asked
from sigcheck.observation.batching import in_batches
from sigcheck.observation.column import Array, Batch, Column
from sigcheck.observation.framed import records
from sigcheck.observation.lists import empty_lists, sparse_column
from sigcheck.observation.observer import require_few
from sigcheck.observation.proto import require_protobuf
from sigcheck.observation.tensor_proto import BatchOfRowsError, SparseRows, array_of, rows_of, sparse_rows_of
from sigcheck.observation.unpacked import COPY
from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words

NAME = "snapshot"
SUFFIXES: tuple[str, ...] = (".snapshot",)
HEEDS: tuple[str, ...] = ("name", "is_batched")

_SPEC = "dataset_spec.pb"
_MOST_SPEC_BYTES = 1 << 24
_RAGGED, _SPARSE = "RaggedTensorSpec", "SparseTensorSpec"
# Where the state of a RaggedTensorSpec has its rank: behind shape and dtype.
_RANK_AT = 2


# What one element has of a tensor, one array or as many as it has rows; of a sparse tensor its rows.
Rows = list[Array] | SparseRows


class _Part(NamedTuple):
    """A tensor of an element: what it is called, whether the first size of it is open, and of which kind it is."""

    name: str
    is_open: bool
    ragged_rank: int | None = None
    is_sparse: bool = False


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The tensors of the elements, named as those of an element in memory."""
    parts = _parts(place, asked.name)
    require_few([part.name for part in parts], place)
    for part in parts:
        _require_rows(part, place, is_batched=asked.is_batched)
    for elements in in_batches(_elements(file, place, parts, is_batched=asked.is_batched)):
        columns = [
            _columns(part, [one[at] for one in elements], f"{place}: {part.name}", is_batched=asked.is_batched)
            for at, part in enumerate(parts)
        ]
        rows = {sum(column.rows for column in own) for own in columns}
        yield Batch({part.name: own[0] for part, own in zip(parts, columns, strict=True)}, max(rows, default=0))
        for part, own in zip(parts, columns, strict=True):
            # Of a shape that others in these rows have not: the rows are counted already.
            yield from (Batch({part.name: one}, 0) for one in own[1:])


def _parts(place: str, name: str) -> list[_Part]:
    """What an element is made of, in the order of its records."""
    if is_address(place):
        raise SourceError(place, "a part of a saved dataset, which is not read from afar. Copy its folder here.")
    spec = Path(place).absolute().parent.parent.parent / _SPEC
    try:
        written = decode("StructuredValue", read_whole(spec, _MOST_SPEC_BYTES, "what elements are"))
        found = list(_flat(written, name, place))
    except (OSError, ValueError) as error:
        told = system_words(error) if isinstance(error, OSError) else "no structure of an element"
        raise SourceError(place, f"beside it {_SPEC}: {told}, expected that of its dataset. Copy the folder.") from None
    if not found:
        raise SourceError(place, "elements without a tensor, expected at least one. Save others.")
    return found


def _flat(value: Message, name: str, place: str) -> Iterator[_Part]:
    """The tensors of a structure, dicts by key, as `tf.nest.flatten` has them and elements in memory are named."""
    for kind, content in value.items():
        if kind in {"tensor_spec_value", "bounded_tensor_spec_value"}:
            sizes = content.get("shape", {}).get("dim", ())
            yield _Part(name, bool(sizes) and sizes[0].get("size", 0) == -1)
        elif kind in {"list_value", "tuple_value"}:
            for at, item in enumerate(content.get("values", ())):
                yield from _flat(item, f"{name}_{at}", place)
        elif kind == "dict_value":
            for key, item in sorted(content.get("fields", {}).items()):
                yield from _flat(item, key, place)
        elif kind == "named_tuple_value":
            for pair in content.get("values", ()):
                yield from _flat(pair.get("value", {}), pair.get("key", ""), place)
        elif kind == "type_spec_value":
            yield _of_type_spec(content, name, place)


def _of_type_spec(content: Message, name: str, place: str) -> _Part:
    """The ragged or sparse tensor that a TypeSpec is of. Raises SourceError for another."""
    told = content.get("type_spec_class_name", "another kind")
    if told == _SPARSE:
        return _Part(name, is_open=True, is_sparse=True)
    if told != _RAGGED:
        raise SourceError(f"{place}: {name}", f"{told}, expected dense, ragged or sparse tensors. Leave it out.")
    state = content.get("type_state", {}).get("tuple_value", {}).get("values", ())
    rank = state[_RANK_AT].get("int64_value", 0) if len(state) > _RANK_AT else 0
    return _Part(name, is_open=True, ragged_rank=rank)


def _require_rows(part: _Part, place: str, *, is_batched: bool) -> None:
    """Raises SourceError for a ragged tensor of which an element is not what it is said to be, or has rows of rows."""
    if part.ragged_rank is None or part.ragged_rank == is_batched:
        return
    cures = {(0, True): "Leave out --batched.", (1, False): "Say --batched, where each element is a batch."}
    cure = cures.get((part.ragged_rank, is_batched), "Flatten it.")
    raise SourceError(f"{place}: {part.name}", f"ragged rank {part.ragged_rank}, expected rows of values. {cure}")


def _columns(part: _Part, elements: Sequence[Rows], place: str, *, is_batched: bool) -> list[Column]:
    """The rows of one tensor, those of each shape together. At least one column."""
    sparse = [rows for rows in elements if isinstance(rows, SparseRows)]
    if sparse:
        return _sparse(sparse)
    tensors = [row for rows in elements if not isinstance(rows, SparseRows) for row in rows]
    if part.ragged_rank is not None:
        return _lists(tensors)
    if is_batched and not all(one.ndim for one in tensors):
        raise SourceError(place, "a scalar in each element, expected a batch of rows. Leave out --batched.")
    are_lists = part.is_open and not is_batched
    if are_lists:
        return _lists(tensors)
    alike = _alike(tensors, 1 if is_batched else 0)
    return [Column(np.concatenate(own) if is_batched else np.stack(own)) for own in alike]


def _lists(rows: Sequence[Array]) -> list[Column]:
    """Rows as lists of varying length, those of each other shape together."""
    alike = _alike(rows, 1)
    return [Column(np.concatenate(own), np.array([len(one) for one in own])) for own in alike] or [empty_lists(0)]


def _sparse(elements: Sequence[SparseRows]) -> list[Column]:
    """Sparse rows, those of each dtype and rank together."""
    alike: dict[tuple[Any, ...], list[SparseRows]] = {}
    for rows in elements:
        alike.setdefault((rows.values.dtype, len(rows.sizes[0]) if rows.sizes else None), []).append(rows)
    return [
        sparse_column(
            np.concatenate([one.values for one in own]),
            np.concatenate([one.lengths for one in own]),
            [sizes for one in own for sizes in one.sizes],
        )
        for own in alike.values()
    ]


def _alike(tensors: Sequence[Array], first: int) -> list[list[Array]]:
    """Those of each dtype and of each shape from its axis `first` on together."""
    alike: dict[tuple[Any, ...], list[Array]] = {}
    for one in tensors:
        alike.setdefault((one.dtype, one.shape[first:]), []).append(one)
    return list(alike.values())


def _elements(
    file: BinaryIO, place: str, parts: Sequence[_Part], *, is_batched: bool
) -> Iterator[tuple[tuple[Rows, ...], int]]:
    """Each element as the tensors in it, with their bytes."""
    broken = require_protobuf(place, "elements")
    source = records(file, place)
    index = 0
    while own := list(islice(source, len(parts))):
        at = f"{place}: element {index}"
        if len(own) < len(parts):
            raise SourceError(at, f"{len(own)} of {len(parts)} tensors. {COPY}")
        try:
            tensors = tuple(_rows(part, one, is_batched=is_batched) for part, one in zip(parts, own, strict=True))
        except BatchOfRowsError:
            raise SourceError(at, "a batch of sparse rows, expected one row. Say --batched.") from None
        except (broken, ValueError):
            raise SourceError(at, f"no tensor that can be read. {COPY}") from None
        yield tensors, sum(map(_held, tensors, own))
        index += 1


def _held(rows: Rows, record: bytes) -> int:
    """The bytes of a tensor: of sparse rows more may be held than were read."""
    return len(record) + (rows.lengths.nbytes if isinstance(rows, SparseRows) else 0)


def _rows(part: _Part, record: bytes, *, is_batched: bool) -> Rows:
    """What one element has of a tensor: the rows of a ragged or sparse one, else the tensor alone."""
    if part.is_sparse:
        return sparse_rows_of(record, is_batched=is_batched)
    if part.ragged_rank is not None:
        return rows_of(record)
    found = array_of(record)
    if part.is_open and not found.ndim:
        raise ValueError("a scalar")
    return [found]
