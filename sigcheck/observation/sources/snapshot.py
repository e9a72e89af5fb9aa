"""Elements that `tf.data.Dataset.save` wrote, without or with GZIP: each tensor of an element is a record.

A folder has what an element is made of (`dataset_spec.pb`, a StructuredValue of struct.proto) beside a folder for each
run, and in that one for each shard. Tensors are TensorProtos (tensor.proto), ragged ones in variants.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np

from sigcheck.encodings.message import Message, decode
from sigcheck.encodings.whole_file import read_whole
from sigcheck.encodings.wire import read_varint
from sigcheck.observation.asked import Asked
from sigcheck.observation.batching import in_batches
from sigcheck.observation.column import Array, Batch, Column
from sigcheck.observation.framed import COPY, records
from sigcheck.observation.lists import texts_of
from sigcheck.observation.observer import require_few
from sigcheck.observation.proto import Tables, message_class, require_protobuf
from sigcheck.schema.address import is_address
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words

NAME = "snapshot"
SUFFIXES: tuple[str, ...] = (".snapshot",)
HEEDS: tuple[str, ...] = ("name", "is_batched")

_TABLES: Tables = {
    "Dim": {"size": "1 int64"},
    "Shape": {"dim": "2 Dim many"},
    "TensorProto": {"dtype": "1 int32", "shape": "2 Shape", "content": "4 bytes"},
}
_SPEC = "dataset_spec.pb"
_MOST_SPEC_BYTES = 1 << 24
_GZIP = b"\x1f\x8b"
_STRING = 7
_NAMES = {dtype.number: dtype.name for dtype in DTYPES.values()}


class _Part(NamedTuple):
    """A tensor of an element: what it is called, and whether the first size of it is open."""

    name: str
    is_open: bool


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The tensors of the elements, named as those of an element in memory."""
    parts = _parts(place, asked.name)
    require_few([part.name for part in parts], place)
    try:
        for elements in in_batches(_elements(_plain(file), place, len(parts))):
            columns = [
                _columns(part, [one[at] for one in elements], f"{place}: {part.name}", is_batched=asked.is_batched)
                for at, part in enumerate(parts)
            ]
            rows = {sum(column.rows for column in own) for own in columns}
            yield Batch({part.name: own[0] for part, own in zip(parts, columns, strict=True)}, max(rows, default=0))
            for part, own in zip(parts, columns, strict=True):
                # Of a shape that others in these rows have not: the rows are counted already.
                yield from (Batch({part.name: one}, 0) for one in own[1:])
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise SourceError(place, f"no whole GZIP file: {error}. {COPY}") from None


def _plain(file: BinaryIO) -> BinaryIO:
    head = file.read(len(_GZIP))
    file.seek(0)
    return cast("BinaryIO", gzip.GzipFile(fileobj=file)) if head == _GZIP else file


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
            told = content.get("type_spec_class_name", "another kind")
            raise SourceError(f"{place}: {name}", f"{told}, expected dense tensors. Save its dataset without batches.")


def _columns(part: _Part, tensors: Sequence[Array], place: str, *, is_batched: bool) -> list[Column]:
    """The rows of one tensor, those of each shape together. At least one column."""
    if is_batched and not all(one.ndim for one in tensors):
        raise SourceError(place, "a scalar in each element, expected a batch of rows. Leave out --batched.")
    are_lists = part.is_open and not is_batched
    alike: dict[tuple[Any, ...], list[Array]] = {}
    for one in tensors:
        alike.setdefault((one.dtype, one.shape[1:] if are_lists or is_batched else one.shape), []).append(one)
    if are_lists:
        return [Column(np.concatenate(own), np.array([len(one) for one in own])) for own in alike.values()]
    return [Column(np.concatenate(own) if is_batched else np.stack(own)) for own in alike.values()]


def _elements(file: BinaryIO, place: str, count: int) -> Iterator[tuple[tuple[Array, ...], int]]:
    """Each element as the tensors in it, with their bytes."""
    broken = require_protobuf(place, "elements")
    message = _message()
    source = records(file, place)
    index = 0
    while own := list(islice(source, count)):
        at = f"{place}: element {index}"
        if len(own) < count:
            raise SourceError(at, f"{len(own)} of {count} tensors. {COPY}")
        try:
            tensors = tuple(_array(message.FromString(record)) for record in own)
        except (broken, ValueError):
            raise SourceError(at, f"no tensor that can be read. {COPY}") from None
        yield tensors, sum(map(len, own))
        index += 1


@lru_cache(maxsize=1)
def _message() -> Any:
    return message_class("sigcheck_tensor", _TABLES, "TensorProto")


def _array(tensor: Any) -> Array:
    """The values of a TensorProto. Raises ValueError for what is none, or has its values elsewhere."""
    shape = tuple(dim.size for dim in tensor.shape.dim)
    if any(size < 0 for size in shape):
        raise ValueError("an open size")
    count = prod(shape)
    if tensor.dtype == _STRING:
        return texts_of(_texts(tensor.content, count)).reshape(shape)
    dtype = _dtype(_NAMES.get(tensor.dtype, "object"))
    if count * dtype.itemsize != len(tensor.content):
        raise ValueError("bytes of another size")
    return np.frombuffer(tensor.content, dtype).reshape(shape)


def _dtype(name: str) -> np.dtype[Any]:
    import ml_dtypes  # noqa: F401  # NumPy knows the names of narrow floats once it is imported

    try:
        found = np.dtype(name)
    except TypeError:
        raise ValueError("a dtype without numbers") from None
    if found.hasobject:
        raise ValueError("a dtype without numbers")
    return found


def _texts(content: bytes, count: int) -> list[bytes]:
    """Texts: the length of each as a varint, then all of them."""
    if count > len(content):
        raise ValueError("more texts than bytes")
    lengths, at = [], 0
    for _ in range(count):
        length, at = read_varint(content, at)
        lengths.append(length)
    if sum(lengths) != len(content) - at:
        raise ValueError("texts of other lengths")
    texts = []
    for length in lengths:
        texts.append(content[at : at + length])
        at += length
    return texts
