"""Unpacked: the bytes of a file that was written with GZIP or ZLIB, never more of them than are asked for."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# What both forms raise of bytes that are none.
BROKEN = (gzip.BadGzipFile, zlib.error, EOFError)
COPY = "What stands before was read: copy the file again."
_GZIP = b"\x1f\x8b"
# RFC 1950: the method, at most 32 KiB to look back, no dictionary that the reader has to have; a sum that is checked.
_METHOD, _METHOD_BITS, _MOST_WINDOW, _HAS_DICTIONARY, _SUM = 8, 0x0F, 7, 0x20, 31
_PACKED_BYTES = 1 << 17


def packed_form(head: bytes) -> str:
    """GZIP or ZLIB, if a file that begins so may have been written with it; empty if not.

    >>> packed_form(bytes.fromhex("1f8b08")), packed_form(bytes.fromhex("789c")), packed_form(b"plain")
    ('GZIP', 'ZLIB', '')
    """
    if head.startswith(_GZIP):
        return "GZIP"
    if len(head) < len(_GZIP):
        return ""
    method, flags = head[0], head[1]
    is_deflated = method & _METHOD_BITS == _METHOD and method >> 4 <= _MOST_WINDOW
    return "ZLIB" if is_deflated and not flags & _HAS_DICTIONARY and not (method << 8 | flags) % _SUM else ""


def plain(file: BinaryIO) -> BinaryIO:
    """The same file, or what was written with GZIP in it. Reading it raises one of BROKEN where it is not whole."""
    is_packed = file.read(len(_GZIP)) == _GZIP
    file.seek(0)
    return unpacked(file, "GZIP") if is_packed else file


def unpacked(file: BinaryIO, form: str) -> BinaryIO:
    """What was written with this form. Reading it raises one of BROKEN where it is not whole."""
    if form == "GZIP":
        return cast("BinaryIO", gzip.GzipFile(fileobj=file))
    return cast("BinaryIO", io.BufferedReader(_Inflated(file), _PACKED_BYTES))


class _Inflated(io.RawIOBase):
    """What stands in a stream of ZLIB."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._stream = file, zlib.decompressobj()

    def readable(self) -> bool:
        """True: bytes can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer, as far as there are bytes."""
        room = memoryview(buffer)
        while not self._stream.eof:
            packed = self._stream.unconsumed_tail or self._file.read(_PACKED_BYTES)
            if not packed:
                raise EOFError("it ends before its end is marked")
            found = self._stream.decompress(packed, len(room))
            if found:
                room[: len(found)] = found
                return len(found)
        if self._stream.unused_data or self._file.read(1):
            raise EOFError("bytes stand behind its end")
        return 0
