"""Framed records, as TFRecordWriter writes them: each with its length and two checksums.

The format: https://www.tensorflow.org/tutorials/load_data/tfrecord. Checksums are those of google-crc32c.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple, cast

import numpy as np

from sigcheck.observation.ahead import Ahead
from sigcheck.observation.column import Array
from sigcheck.observation.spans import PADDING, Spans
from sigcheck.schema.errors import SourceError

_LENGTH, _HEAD, _FOOT = struct.Struct("<Q"), 12, 4
# TFRecord has no limit; a record of more is no example but a wrong length.
_MOST_BYTES = 1 << 30
# A megabyte of GZIP may hold a thousand of zeros: what is unpacked has no file as large behind it.
_MOST_UNPACKED = 1 << 27
_GZIP = b"\x1f\x8b"
_MASK_DELTA = 0xA282EAD8
# What is read at a time, if no record is larger, and how many are given at a time: enough to be looked at together.
_READ_BYTES = 1 << 21
_ROWS = 1 << 14
COPY = "What stands before was read: copy the file again."
# The masked checksums of pieces of bytes.
_Checksums = Callable[[Spans], Array]


class Records(NamedTuple):
    """Whole records that follow each other: the number of the first, and where each lies."""

    first: int
    spans: Spans


def records(file: BinaryIO, place: str) -> Iterator[bytes]:
    """Yields the bytes of each record. Raises SourceError for the first that is not whole, behind all before it."""
    for block in blocks(file, place):
        yield from block.spans.pieces()


def blocks(file: BinaryIO, place: str) -> Iterator[Records]:
    """Yields the records, many at a time. Raises as `records` does."""
    checksums = _checksums(place)
    try:
        yield from _blocks(_unpacked(file, checksums), place, checksums)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise SourceError(place, f"no whole GZIP file: {error}. {COPY}") from None


def _unpacked(file: BinaryIO, checksums: _Checksums) -> BinaryIO:
    """What was written with GZIP, unpacked. A length may begin as such a file does: then its checksum is right."""
    head = file.read(_HEAD)
    file.seek(0)
    if not head.startswith(_GZIP) or _announced(head + PADDING, np.zeros(1, np.int64), checksums):
        return file
    return cast("BinaryIO", gzip.GzipFile(fileobj=file))


def _blocks(file: BinaryIO, place: str, checksums: _Checksums) -> Iterator[Records]:
    ahead = Ahead(file)
    first = at = 0
    wanted = 0
    while ahead.read(max(wanted, _READ_BYTES)):
        wanted = _HEAD
        content, heads, behind = ahead.content, *_heads(ahead)
        announced = _announced(content, heads, checksums)
        ends = np.append(heads[1:], min(behind, ahead.size)) - _FOOT if len(heads) else heads
        # Only the last one may reach beyond what was read.
        whole = min(announced, len(heads) - (behind > ahead.size))
        bodies = Spans(content, heads[:whole] + _HEAD, ends[:whole])
        sound = _first_wrong(bodies, checksums)
        for row in range(0, sound, _ROWS):
            yield Records(first + row, bodies[row : min(sound, row + _ROWS)])
        end = int(ends[sound - 1]) + _FOOT if sound else 0
        first, at = first + sound, at + end
        where = f"record {first}, byte {at}"
        if sound < whole:
            raise SourceError(place, f"{where}: its checksum is wrong. {COPY}")
        if announced < len(heads) and not first:
            told = "expected its length and the checksum of that, as TFRecordWriter writes them, plain or with GZIP"
            raise SourceError(place, f"{where}: no record, {told}. Copy the file again.")
        if announced < len(heads):
            raise SourceError(place, f"{where}: the checksum of its length is wrong. {COPY}")
        if whole < len(heads):
            length = behind - end - _HEAD - _FOOT
            if told := _too_long(length, is_packed=isinstance(file, gzip.GzipFile)):
                raise SourceError(place, f"{where}: {told}")
            if ahead.is_over():
                there = ahead.size - end - _HEAD
                raise SourceError(place, f"{where}: cut short, {there} of {length + _FOOT} bytes. {COPY}")
            wanted = behind - end
        elif end < ahead.size and ahead.is_over():
            raise SourceError(place, f"{where}: cut short in its head. {COPY}")
        ahead.drop(end)


def _too_long(length: int, *, is_packed: bool) -> str:
    """What is said of a record of so many bytes; empty where it is to be read."""
    if length > _MOST_BYTES:
        return f"{length} bytes, expected an example. {COPY}"
    if is_packed and length > _MOST_UNPACKED:
        return f"{length} bytes, expected at most {_MOST_UNPACKED} in a GZIP file. Unpack it, and name what comes out."
    return ""


def _heads(ahead: Ahead) -> tuple[Array, int]:
    """Where the records begin of which the head is there, and where what follows the last one does."""
    heads: list[int] = []
    at = 0
    content, length, add = ahead.content, _LENGTH.unpack_from, heads.append
    last, around = ahead.size - _HEAD, _HEAD + _FOOT
    while at <= last:
        add(at)
        at += length(content, at)[0] + around
    return np.array(heads, np.int64), at


def _announced(content: bytes, heads: Array, checksums: _Checksums) -> int:
    """The number of the first record whose length has another checksum; how many there are if none."""
    lengths = np.ndarray((len(content) - _HEAD,), "<u8", content, strides=(1,))[heads]
    # Records are of few lengths.
    each, places = np.unique(lengths, return_inverse=True)
    return _first_other(content, heads + _LENGTH.size, checksums(Spans.joined(_parts(each.tobytes())))[places])


def _parts(lengths: bytes) -> list[bytes]:
    return [lengths[at : at + _LENGTH.size] for at in range(0, len(lengths), _LENGTH.size)]


def _first_wrong(spans: Spans, checksums: _Checksums) -> int:
    """The number of the first piece that has another checksum than the one behind it; how many there are if none."""
    return _first_other(spans.content, spans.ends, checksums(spans))


def _first_other(content: bytes, at: Array, sums: Array) -> int:
    said = np.ndarray((len(content) - _FOOT + 1,), "<u4", content, strides=(1,))[at]
    wrong = np.flatnonzero(said != sums)
    return int(wrong[0]) if len(wrong) else len(at)


def _checksums(place: str) -> _Checksums:
    try:
        from google_crc32c import value
    except ImportError:
        raise SourceError(place, "records, which need an extra to be read: pip install 'sigcheck[observe]'.") from None

    def masked(spans: Spans) -> Array:
        found = np.fromiter(map(value, spans.pieces()), np.uint64, len(spans))
        turned: Array = ((found >> np.uint64(15)) | (found << np.uint64(17))) + np.uint64(_MASK_DELTA)
        return turned & np.uint64(0xFFFFFFFF)

    return masked
