"""Framed records, as TFRecordWriter writes them: each with its length and two checksums.

The format: https://www.tensorflow.org/tutorials/load_data/tfrecord.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np

from sigcheck.observation.ahead import Ahead
from sigcheck.observation.checksums import Checksums, checksums
from sigcheck.observation.column import Array
from sigcheck.observation.spans import PADDING, Spans
from sigcheck.observation.unpacked import BROKEN, COPY, packed_form, unpacked
from sigcheck.schema.errors import SourceError

_LENGTH, _HEAD, _FOOT = struct.Struct("<Q"), 12, 4
# TFRecord has no limit; a record of more is no example but a wrong length.
_MOST_BYTES = 1 << 30
# A packed megabyte may hold a thousand of zeros: what is unpacked has no file as large behind it.
_MOST_UNPACKED = 1 << 27
# What is read at a time, if no record is larger, and how many are given at a time: enough to be looked at together.
_READ_BYTES = 1 << 21
_ROWS = 1 << 14


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
    known = checksums(place)
    form = _packed_form(file, known)
    if not form:
        yield from _blocks(file, place, known, is_packed=False)
        return
    try:
        yield from _blocks(unpacked(file, form), place, known, is_packed=True)
    except BROKEN as error:
        raise SourceError(place, f"no whole {form} file: {error}. {COPY}") from None


def _packed_form(file: BinaryIO, known: Checksums) -> str:
    """With what the file was written. A length may begin as such a file does: then its checksum is right."""
    head = file.read(_HEAD)
    file.seek(0)
    form = packed_form(head)
    is_length = len(head) == _HEAD and known.first_wrong(_lengths(head + PADDING, np.zeros(1, np.int64)))
    return "" if is_length else form


def _blocks(file: BinaryIO, place: str, known: Checksums, *, is_packed: bool) -> Iterator[Records]:
    ahead = Ahead(file)
    first = at = 0
    wanted = 0
    while ahead.read(max(wanted, _READ_BYTES)):
        wanted = _HEAD
        content, heads, behind = ahead.content, *_heads(ahead)
        ends = np.append(heads[1:], min(behind, ahead.size)) - _FOOT if len(heads) else heads
        # Only the last one may reach beyond what was read.
        whole = len(heads) - (behind > ahead.size)
        bodies = Spans(content, heads[:whole] + _HEAD, ends[:whole])
        announced, sound = _sound(heads, bodies, known)
        whole = min(announced, whole)
        for row in range(0, sound, _ROWS):
            yield Records(first + row, bodies[row : min(sound, row + _ROWS)])
        end = int(ends[sound - 1]) + _FOOT if sound else 0
        first, at = first + sound, at + end
        where = f"record {first}, byte {at}"
        if sound < whole:
            raise SourceError(place, f"{where}: its checksum is wrong. {COPY}")
        if announced < len(heads) and not first:
            told = (
                "expected its length and the checksum of that, as TFRecordWriter writes them, plain, with GZIP or ZLIB"
            )
            raise SourceError(place, f"{where}: no record, {told}. Copy the file again.")
        if announced < len(heads):
            raise SourceError(place, f"{where}: the checksum of its length is wrong. {COPY}")
        if whole < len(heads):
            length = behind - end - _HEAD - _FOOT
            if told := _too_long(length, is_packed=is_packed):
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
        return f"{length} bytes, expected at most {_MOST_UNPACKED} in a packed file. Unpack it, and name that."
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


def _lengths(content: bytes, heads: Array) -> Spans:
    return Spans(content, heads, heads + _LENGTH.size)


def _sound(heads: Array, bodies: Spans, known: Checksums) -> tuple[int, int]:
    """How many of the records that begin here have a right length, and how many of the whole ones have right bytes.

    Counted up to the first that has not.
    """
    whole = len(bodies)
    if not whole or _are_all_right(heads[:whole], bodies, known):
        return whole + known.first_wrong(_lengths(bodies.content, heads[whole:])), whole
    announced = known.first_wrong(_lengths(bodies.content, heads))
    return announced, known.first_wrong(bodies[: min(announced, whole)])


def _are_all_right(heads: Array, bodies: Spans, known: Checksums) -> bool:
    starts, ends = np.append(heads, bodies.starts), np.append(heads + _LENGTH.size, bodies.ends)
    return known.all_right(bodies.content, starts, ends, int(bodies.ends[-1]) + _FOOT)
