"""Pictures that no camera makes: of more pixels than anybody can hold, of chunks by the thousand."""

from __future__ import annotations

import io
import struct
import zlib
from random import Random

from tests.fuzz.hostile.generator import Generator


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes, depth: int = 8, colour: int = 2, rest: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + rest + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def whole() -> bytes:
    return png(2, 2, b"\0\1\2\3\4\5\6" * 2)


def drawn(form: str) -> bytes:
    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (7, 5), (1, 2, 3)).save(written, form)
    return written.getvalue()


def more_pixels(size: int, generator: Random) -> bytes:
    width, height = generator.choice([(2**31 - 1, 2**31 - 1), (9_000, 9_000), (1, 2**30), (10**5, 10**5), (0, 0)])
    return png(width, height, bytes(size), generator.choice([1, 8, 16]), generator.choice([0, 2, 3, 4, 6]))


def large_and_whole(size: int, generator: Random) -> bytes:
    """All its pixels are there, in a thousandth of their bytes."""
    side = generator.choice([1_000, 5_000, 9_000])
    row = b"\0" + bytes([generator.randrange(256)] * 4) * side
    return png(side, side, row * side, 8, 6)


def many_chunks(size: int, generator: Random) -> bytes:
    one = chunk(generator.choice([b"tEXt", b"zTXt", b"iTXt", b"PLTE", b"IDAT", b"aaAa"]), b"a\0\0" + zlib.compress(b""))
    return png(2, 2, b"\0\1\2\3\4\5\6" * 2, rest=one * max(1, size // len(one)))


def large_text(size: int, generator: Random) -> bytes:
    packed = zlib.compress(bytes(min(size * 500, 1 << 27)))
    kind, begin = generator.choice([(b"zTXt", b"a\0\0"), (b"iCCP", b"a\0\0"), (b"iTXt", b"a\0\1\0\0\0")])
    return png(2, 2, b"\0\1\2\3\4\5\6" * 2, rest=chunk(kind, begin + packed))


def other_forms(size: int, generator: Random) -> bytes:
    """Another kind of picture, cut or grown: Pillow goes by what is in the file."""
    data = drawn(generator.choice(["JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "TGA", "EPS", "ICO"]))
    at = generator.randrange(len(data))
    return generator.choice([data[:at], data, data[:at] + data[at : at + 9] * (size // 9) + data[at:]])


SEEDS = {"data.png": whole}
GENERATORS: dict[str, list[Generator]] = {
    "data.png": [more_pixels, large_and_whole, many_chunks, large_text, other_forms]
}
