"""Feature lists: the values of many `tf.train.Feature`s at once, from their bytes.

A message for each feature of each example takes most of the time that records take. Those that are written as all
writers do, one list with all values behind each other, are read by NumPy together; others by protobuf.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from sigcheck.observation.column import Array
from sigcheck.observation.lists import texts_of
from sigcheck.observation.proto import Tables, message_class

# feature.proto: what a Feature has one of.
_TABLES: Tables = {
    "BytesList": {"value": "1 bytes many"},
    "FloatList": {"value": "1 float many"},
    "Int64List": {"value": "1 int64 many"},
    "Feature": {"bytes_list": "1 BytesList", "float_list": "2 FloatList", "int64_list": "3 Int64List"},
}
_KINDS = {0x0A: "bytes_list", 0x12: "float_list", 0x1A: "int64_list"}
_VALUES = 0x0A
_CONTINUES, _BITS, _LONGEST = 0x80, 7, 10
# Behind the last byte: what looks for the end of a number there finds it.
_PADDING = bytes(16)


class Lists(NamedTuple):
    """The values of features of one kind, one list behind the other, and the length of each."""

    values: Array
    lengths: Array


def kinds_of(features: Sequence[bytes]) -> list[str | None]:
    """Of each feature which list it has; None where it has none. Raises ValueError for what is no feature."""
    try:
        return [_KINDS[one[0]] if one else None for one in features]
    except KeyError:
        return [_kind(one) for one in features]


def lists_of(features: Sequence[bytes], kind: str) -> Lists:
    """The values of features that all have a list of this kind. Raises ValueError for what is no feature."""
    found = _packed(features, kind)
    return _parsed(features, kind) if found is None else found


def require_feature(feature: bytes) -> None:
    """Raises ValueError for what is no feature."""
    _message(feature)


def _packed(features: Sequence[bytes], kind: str) -> Lists | None:
    """The values, where all features are one list that is written in one piece, or of one text; else None."""
    data = np.frombuffer(b"".join((*features, _PADDING)), np.uint8)
    sizes = np.fromiter(map(len, features), np.int64, len(features))
    ends = np.cumsum(sizes)
    if not (data[ends - sizes] == next(tag for tag, one in _KINDS.items() if one == kind)).all():
        return None
    length, inner = _varints(data, ends - sizes + 1)
    has_values = length > 0
    count, starts = _varints(data, inner + 1)
    is_plain = (inner + length == ends) & (~has_values | ((data[inner] == _VALUES) & (starts + count == ends)))
    if not is_plain.all() or (kind == "bytes_list" and not has_values.all()):
        return None
    if kind == "bytes_list":
        heads = (starts - (ends - sizes)).tolist()
        texts = [one[head:] for one, head in zip(features, heads, strict=True)]
        return Lists(texts_of(texts), np.ones(len(texts), np.int64))
    count = np.where(has_values, count, 0)
    bounds = np.cumsum(count)
    payload = data[np.repeat(starts - bounds + count, count) + np.arange(bounds[-1])]
    return _floats(payload, count) if kind == "float_list" else _whole(payload, count, bounds)


def _varints(data: Array, at: Array) -> tuple[Array, Array]:
    """The number of at most four bytes at each position, and what is behind it; of more bytes some other number."""
    number = (data[at] & 0x7F).astype(np.int64)
    goes_on = data[at] >= _CONTINUES
    at = at + 1
    for place in range(1, 4):
        if not goes_on.any():
            break
        # What is beyond the end is told by the sizes, which do not agree then.
        byte = data[np.minimum(at, len(data) - 1)]
        number += np.where(goes_on, (byte & 0x7F).astype(np.int64) << (_BITS * place), 0)
        at = at + goes_on
        goes_on &= byte >= _CONTINUES
    return number, np.minimum(at, len(data) - 2)


def _floats(payload: Array, count: Array) -> Lists | None:
    return None if (count % 4).any() else Lists(payload.view("<f4").astype(np.float32, copy=False), count // 4)


def _whole(payload: Array, count: Array, bounds: Array) -> Lists | None:
    is_last = payload < _CONTINUES
    if not is_last[bounds[count > 0] - 1].all():
        return None
    lasts = np.flatnonzero(is_last)
    firsts = np.concatenate([[0], lasts[:-1] + 1]) if len(lasts) else lasts
    widths = lasts - firsts + 1
    if len(widths) and widths.max() > _LONGEST:
        return None
    places = (np.arange(len(payload)) - np.repeat(firsts, widths)).astype(np.uint64)
    parts = (payload & 0x7F).astype(np.uint64) << (places * np.uint64(_BITS))
    values = np.bitwise_or.reduceat(parts, firsts) if len(firsts) else parts
    before = np.concatenate([[0], np.cumsum(is_last)])
    return Lists(values.view(np.int64), before[bounds] - before[bounds - count])


def _parsed(features: Sequence[bytes], kind: str) -> Lists:
    parsed = [getattr(_message(one), kind).value for one in features]
    lengths = np.fromiter(map(len, parsed), np.int64, len(parsed))
    flat = [value for one in parsed for value in one]
    if kind == "bytes_list":
        return Lists(texts_of(flat), lengths)
    return Lists(np.array(flat, np.float32 if kind == "float_list" else np.int64), lengths)


def _kind(feature: bytes) -> str | None:
    message = _message(feature)
    return next((kind for kind in _KINDS.values() if message.HasField(kind)), None)


def _message(feature: bytes) -> Any:
    """The message. Raises ValueError for what is none, or has several lists: readers differ on which one counts."""
    from google.protobuf.message import DecodeError

    try:
        message = _class().FromString(feature)
    except DecodeError:
        raise ValueError("no feature") from None
    if sum(map(message.HasField, _KINDS.values())) > 1:
        raise ValueError("several lists in one feature")
    return message


@lru_cache(maxsize=1)
def _class() -> Any:
    return message_class("sigcheck_feature", _TABLES, "Feature")
