"""PNG: the pictures that can be judged without TensorFlow, 8 bits a channel, neither interlaced nor with a palette.

Written and read by the specification (ISO/IEC 15948): a lossless format has one right answer,
whatever the decoder. Pixels of a JPEG differ from decoder to decoder.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from sigcheck.transforms.parts.array import Array

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Colour types of the header, by the number of channels: gray, gray and alpha, RGB, RGB and alpha.
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_CHANNELS = {colour: count for count, colour in _COLOUR_TYPES.items()}

# Values of a picture that is read: beyond, it is no picture that a test would hold.
MOST_VALUES = 2**24


class UnreadPngError(Exception):
    """No PNG, a broken one, or one of a kind that is not read here."""


def write_png(pixels: Array) -> bytes:
    """The file of a picture uint8[height, width, channels], of 1 to 4 channels."""
    height, width, count = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[count], 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 1)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def read_png(file: bytes) -> Array:
    """The picture uint8[height, width, channels] in a file. Raises UnreadPngError."""
    try:
        return _read(file)
    except (struct.error, zlib.error, KeyError, IndexError, ValueError) as error:
        raise UnreadPngError(f"a broken PNG: {error}") from None


def _read(file: bytes) -> Array:
    import numpy as np

    if not file.startswith(_SIGNATURE):
        raise UnreadPngError("no PNG")
    header, packed, at = b"", b"", len(_SIGNATURE)
    while at < len(file):
        size, kind = struct.unpack_from(">I4s", file, at)
        data = file[at + 8 : at + 8 + size]
        header = data if kind == b"IHDR" else header
        packed += data if kind == b"IDAT" else b""
        at += size + 12
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if bits != 8 or interlaced or colour not in _CHANNELS:  # noqa: PLR2004  # one byte a channel
        raise UnreadPngError(f"a PNG of {bits} bits and colour type {colour}")
    count = _CHANNELS[colour]
    if not 0 < width * height * count <= MOST_VALUES:
        raise UnreadPngError(f"a PNG of {width} by {height} pixels")
    rows = zlib.decompressobj().decompress(packed, height * (width * count + 1))
    picture = np.zeros((height, width * count), np.uint8)
    above = bytes(width * count)
    for row in range(height):
        start = row * (width * count + 1)
        kept = rows[start + 1 : start + 1 + width * count]
        if len(kept) != width * count or rows[start] not in _FILTERS:
            raise UnreadPngError("a PNG whose rows end early or have an unknown filter")
        above = _FILTERS[rows[start]](kept, above, count)
        picture[row] = np.frombuffer(above, np.uint8)
    return picture.reshape(height, width, count)


# A filter keeps each byte as its difference from what is foretold by the byte one pixel to the left,
# the one above and the one above that; outside of the picture all are 0 (sections 9.2 to 9.4).


def _as_it_is(kept: bytes, above: bytes, count: int) -> bytes:
    return kept


def _sub(kept: bytes, above: bytes, count: int) -> bytes:
    row = bytearray(kept)
    for at in range(count, len(row)):
        row[at] = (row[at] + row[at - count]) & 0xFF
    return bytes(row)


def _up(kept: bytes, above: bytes, count: int) -> bytes:
    return bytes((one + over) & 0xFF for one, over in zip(kept, above, strict=True))


def _average(kept: bytes, above: bytes, count: int) -> bytes:
    row = bytearray(kept)
    for at, over in enumerate(above):
        left = row[at - count] if at >= count else 0
        row[at] = (row[at] + (left + over) // 2) & 0xFF
    return bytes(row)


def _paeth(kept: bytes, above: bytes, count: int) -> bytes:
    row = bytearray(kept)
    for at, over in enumerate(above):
        left, corner = (row[at - count], above[at - count]) if at >= count else (0, 0)
        row[at] = (row[at] + _nearest(left, over, corner)) & 0xFF
    return bytes(row)


def _nearest(left: int, over: int, corner: int) -> int:
    """Of the three neighbours the one nearest to left + over - corner; of equally near ones the first."""
    to_left, to_over, to_corner = abs(over - corner), abs(left - corner), abs(left + over - 2 * corner)
    if to_left <= to_over and to_left <= to_corner:
        return left
    return over if to_over <= to_corner else corner


# By the byte in front of each row.
_FILTERS: dict[int, Callable[[bytes, bytes, int], bytes]] = {0: _as_it_is, 1: _sub, 2: _up, 3: _average, 4: _paeth}
