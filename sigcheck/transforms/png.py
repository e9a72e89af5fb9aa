"""PNG: the pictures that can be judged without TensorFlow, 8 bits a channel, neither interlaced nor with a palette.

Written and read by the specification (ISO/IEC 15948): a lossless format has one right answer,
whatever the decoder. Pixels of a JPEG differ from decoder to decoder.
"""

from __future__ import annotations

import struct
import zlib

from sigcheck.transforms.array import Array

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
    for row in range(height):
        start = row * (width * count + 1)
        if rows[start] != 0:
            raise UnreadPngError("a PNG with filtered rows")
        picture[row] = np.frombuffer(rows, np.uint8, width * count, start + 1)
    return picture.reshape(height, width, count)
