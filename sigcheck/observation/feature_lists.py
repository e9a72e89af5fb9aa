"""Feature lists: the values of many `tf.train.Feature`s at once, from their bytes.

A message for each feature of each example takes most of the time that records take. Those that are written as all
writers do, one list with all values behind each other, are read by NumPy together; others by protobuf.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from sigcheck.observation.column import Array
from sigcheck.observation.lists import texts_of
from sigcheck.observation.proto import Tables, message_class
from sigcheck.observation.spans import OtherFormError, Spans, contents, field_at, walk

# feature.proto: what a Feature has one of.
_TABLES: Tables = {
    "BytesList": {"value": "1 bytes many"},
    "FloatList": {"value": "1 float many"},
    "Int64List": {"value": "1 int64 many"},
    "Feature": {"bytes_list": "1 BytesList", "float_list": "2 FloatList", "int64_list": "3 Int64List"},
}
KINDS = ("bytes_list", "float_list", "int64_list")
_TAGS = (0x0A, 0x12, 0x1A)
_VALUES = 0x0A
_CONTINUES, _LOW, _BITS = 0x80, 0x7F, 7
_LONGEST, _BYTES_OF_32_BITS, _BYTES_OF_64_BITS = 10, 4, 8
NO_KIND, _OTHER = -1, -2
# By the bytes of a word, which of its bits are those of its first bytes.
_MASKS = {
    width: np.array([(1 << 8 * min(count, width)) - 1 for count in range(_LONGEST + 1)], f"<u{width}")
    for width in (_BYTES_OF_32_BITS, _BYTES_OF_64_BITS)
}
# Of a word the bits that say that a number goes on, and which of them are set where it is one of so many bytes.
_GOES_ON = np.uint64(0x8080808080808080)
_ONE_NUMBER = _MASKS[_BYTES_OF_64_BITS][np.maximum(np.arange(_LONGEST + 1) - 1, 0)] & _GOES_ON
# The kind of a feature by its first byte.
_OF_TAG = np.full(256, _OTHER)
_OF_TAG[list(_TAGS)] = range(len(KINDS))


class Lists(NamedTuple):
    """The values of features of one kind, one list behind the other, and the length of each."""

    values: Array
    lengths: Array


class Values(NamedTuple):
    """The bytes of the values of features that are all one list of a kind, and these in one piece."""

    kind: str
    spans: Spans


def kinds_of(features: Spans) -> Array:
    """Of each feature which list it has, by its place in KINDS; NO_KIND where it has none.

    Raises ValueError for what is no feature.
    """
    # What stands behind a feature without bytes is not its tag.
    found = _OF_TAG[features.data[features.starts]]
    found[features.starts == features.ends] = NO_KIND
    for at in np.flatnonzero(found == _OTHER).tolist():
        (feature,) = features[at : at + 1].pieces()
        found[at] = _kind(feature)
    return found


def values_at(content: bytes, start: int, end: int) -> tuple[str, int]:
    """The kind of one feature, and where its values begin. Raises OtherFormError unless they are in one piece."""
    tag = content[start]
    if tag not in _TAGS:
        raise OtherFormError
    listed = field_at(content, start, end, tag)
    values = field_at(content, listed[0], end, _VALUES)
    if not listed[1] == values[1] == end:
        raise OtherFormError
    return KINDS[_TAGS.index(tag)], values[0]


def lists_of(features: Spans, kind: str, values: Spans | None = None) -> Lists:
    """The values of features that all have a list of this kind. Raises ValueError for what is no feature.

    `values` are the bytes of them, where they are known to be in one piece.
    """
    try:
        return _packed(features, kind) if values is None else _read(values, kind)
    except OtherFormError:
        return _parsed(features.pieces(), kind)


def require_feature(feature: bytes) -> None:
    """Raises ValueError for what is no feature."""
    _message(feature)


def _packed(features: Spans, kind: str) -> Lists:
    """The values. Raises OtherFormError unless all features are one list, and all numbers of it in one piece."""
    if not len(features):
        raise OtherFormError
    lists = contents(features, _TAGS[KINDS.index(kind)])
    if kind == "bytes_list":
        return _texts(lists)
    has_values = lists.lengths > 0
    payload = Spans(lists.content, lists.ends.copy(), lists.ends)
    payload.starts[has_values] = contents(lists[has_values], _VALUES).starts
    return _read(payload, kind)


def _read(values: Spans, kind: str) -> Lists:
    if kind == "bytes_list":
        return Lists(values.objects(), np.ones(len(values), np.int64))
    return _floats(values) if kind == "float_list" else _whole(values)


def _texts(lists: Spans) -> Lists:
    steps = list(walk(lists, _VALUES))
    if not steps:
        return Lists(texts_of([]), np.zeros(len(lists), np.int64))
    if len(steps) == 1:
        ((rows, texts),) = steps
        return Lists(texts.objects(), np.bincount(rows, minlength=len(lists)))
    rows = np.concatenate([rows for rows, _ in steps])
    texts = Spans.beside([texts for _, texts in steps])
    order = np.argsort(rows, kind="stable")
    return Lists(texts[order].objects(), np.bincount(rows, minlength=len(lists)))


def _floats(payload: Spans) -> Lists:
    count = payload.lengths
    if (count % 4).any():
        raise OtherFormError
    values = payload.together()[: int(count.sum())].view("<f4")
    return Lists(values.astype(np.float32, copy=False), count // 4)


def _whole(payload: Spans) -> Lists:
    count = payload.lengths
    if len(count) and count.min() > 0 and count.max() <= _BYTES_OF_64_BITS:
        words = payload.of_width(_BYTES_OF_64_BITS, "<u")
        words &= _MASKS[_BYTES_OF_64_BITS].take(count)
        if (words & _GOES_ON == _ONE_NUMBER.take(count)).all():
            values = _numbers(words, int(count.max()))
            return Lists(values.view(np.int64), np.ones(len(count), np.int64))
    return _lists_of_whole(payload)


def _lists_of_whole(payload: Spans) -> Lists:
    joined, count = payload.together(), payload.lengths
    bounds = np.cumsum(count)
    is_last = joined[: int(bounds[-1])] < _CONTINUES
    if is_last.all():
        return Lists(joined[: len(is_last)].astype(np.int64), count)
    if not is_last[bounds[count > 0] - 1].all():
        raise OtherFormError
    lasts = np.flatnonzero(is_last)
    lengths = np.diff(np.searchsorted(lasts, bounds), prepend=0)
    behind = lasts + 1
    sizes = np.diff(behind, prepend=0)
    longest = int(sizes.max())
    if longest > _LONGEST:
        raise OtherFormError
    # So many bytes at once, of which those of the next number are taken away.
    kind = np.dtype("<u4" if longest <= _BYTES_OF_32_BITS else "<u8")
    words = np.ndarray((len(joined) - kind.itemsize + 1,), kind, joined, strides=(1,)).take(behind - sizes)
    words &= _MASKS[kind.itemsize].take(sizes)
    values = _numbers(words, longest)
    for place in range(kind.itemsize, longest):
        # The last bytes of the few that are longer.
        longer = np.flatnonzero(sizes > place)
        byte = joined[(behind - sizes)[longer] + place].astype(np.uint64)
        values[longer] |= (byte & np.uint64(_LOW)) << np.uint64(_BITS * place)
    return Lists(values.astype(np.uint64, copy=False).view(np.int64), lengths)


def _numbers(words: Array, longest: int) -> Array:
    """The numbers that stand in the first `longest` bytes of each word, seven bits in each byte."""
    values = words & _LOW
    for place in range(1, min(longest, words.itemsize)):
        values |= (words >> words.dtype.type(place)) & words.dtype.type(_LOW << _BITS * place)
    return values


def _parsed(features: Iterable[bytes], kind: str) -> Lists:
    parsed = [getattr(_message(one), kind).value for one in features]
    lengths = np.fromiter(map(len, parsed), np.int64, len(parsed))
    flat = [value for one in parsed for value in one]
    if kind == "bytes_list":
        return Lists(texts_of(flat), lengths)
    return Lists(np.array(flat, np.float32 if kind == "float_list" else np.int64), lengths)


def _kind(feature: bytes) -> int:
    message = _message(feature)
    return next((at for at, kind in enumerate(KINDS) if message.HasField(kind)), NO_KIND)


def _message(feature: bytes) -> Any:
    """The message. Raises ValueError for what is none, or has several lists: readers differ on which one counts."""
    from google.protobuf.message import DecodeError

    try:
        message = _class().FromString(feature)
    except DecodeError:
        raise ValueError("no feature") from None
    if sum(map(message.HasField, KINDS)) > 1:
        raise ValueError("several lists in one feature")
    return message


@lru_cache(maxsize=1)
def _class() -> Any:
    return message_class("sigcheck_feature", _TABLES, "Feature")
