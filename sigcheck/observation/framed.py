"""Framed records, as TFRecordWriter writes them: each with its length and two checksums.

The format: https://www.tensorflow.org/tutorials/load_data/tfrecord. Checksums are those of google-crc32c.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

from sigcheck.schema.errors import SourceError

_HEAD, _FOOT = 12, 4
# TFRecord has no limit; a record of more is no example but a wrong length.
_MOST_BYTES = 1 << 30
_MASK_DELTA = 0xA282EAD8
COPY = "What stands before was read: copy the file again."


def records(file: BinaryIO, place: str) -> Iterator[bytes]:
    """Yields the bytes of each record. Raises SourceError for the first that is not whole, behind all before it."""
    checksum = _checksum(place)
    at = index = 0
    while head := file.read(_HEAD):
        if len(head) < _HEAD:
            raise SourceError(place, f"record {index}, byte {at}: cut short in its head. {COPY}")
        length, crc = struct.unpack("<QI", head)
        if checksum(head[:8]) != crc:
            raise SourceError(place, f"record {index}, byte {at}: the checksum of its length is wrong. {COPY}")
        if length > _MOST_BYTES:
            raise SourceError(place, f"record {index}, byte {at}: {length} bytes, expected an example. {COPY}")
        body = file.read(length + _FOOT)
        if len(body) < length + _FOOT:
            raise SourceError(
                place, f"record {index}, byte {at}: cut short, {len(body)} of {length + _FOOT} bytes. {COPY}"
            )
        record = body[:length]
        if checksum(record) != struct.unpack("<I", body[length:])[0]:
            raise SourceError(place, f"record {index}, byte {at}: its checksum is wrong. {COPY}")
        yield record
        at += _HEAD + length + _FOOT
        index += 1


def _checksum(place: str) -> Callable[[bytes], int]:
    try:
        from google_crc32c import value
    except ImportError:
        raise SourceError(place, "records, which need an extra to be read: pip install 'sigcheck[observe]'.") from None

    def masked(data: bytes) -> int:
        crc = int(value(data))
        return ((crc >> 15 | crc << 17) + _MASK_DELTA) & 0xFFFFFFFF

    return masked
