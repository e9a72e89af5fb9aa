"""Opened: a file of data, near or far, open to be read in; what is read of it is told to who watches."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from sigcheck.encodings.content_file import ContentFile
from sigcheck.encodings.reach import Budget, Reach
from sigcheck.encodings.source import Source
from sigcheck.encodings.whole_file import open_regular
from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import unreadable
from sigcheck.schema.watcher import NOBODY, Watcher

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_HASHED_BYTES = 1 << 18
# A request to a server takes as long as some hundred kilobytes.
_BUFFER_BYTES, _BUFFER_OF_FAR = 1 << 17, 1 << 22


class Digest:
    """The hash of a file by what is read of it, in any order: bytes come into it once all before them have."""

    def __init__(self) -> None:
        """No byte yet."""
        self._hash = hashlib.sha256()
        self.end = 0

    def take(self, start: int, part: memoryview) -> None:
        """Takes bytes that stand at `start`."""
        if start <= self.end < start + len(part):
            self._hash.update(part[self.end - start :])
            self.end = start + len(part)

    def hexdigest(self) -> str:
        """The hash of the bytes up to `end`."""
        return self._hash.hexdigest()


@contextmanager
def opened(path: str, watcher: Watcher = NOBODY, digest: Digest | None = None) -> Iterator[tuple[BinaryIO, int]]:
    """The file, and how many bytes it has. Raises SourceError where it cannot be opened.

    When it is closed without an error all its bytes have been told, also those that nobody read, and are in the digest.
    """
    with _raw(path) as (raw, size):
        counted = _Counted(raw, size, watcher, digest)
        buffer = _BUFFER_OF_FAR if is_address(path) else _BUFFER_BYTES
        yield io.BufferedReader(counted, buffer), size
        if digest is not None:
            counted.seek(digest.end)
            rest = bytearray(buffer)
            while counted.readinto(rest):
                pass
        counted.tell_rest()


def sha256(path: str, is_over: threading.Event) -> str:
    """The hash of a file, or of those of its bytes that were read when nobody wants it any more.

    Raises SourceError as `opened` does.
    """
    digest = hashlib.sha256()
    block = memoryview(bytearray(_HASHED_BYTES))
    with opened(path) as (file, _):
        while not is_over.is_set() and (count := cast("io.BufferedReader", file).readinto(block)):
            digest.update(block[:count])
    return digest.hexdigest()


@contextmanager
def _raw(path: str) -> Iterator[tuple[io.RawIOBase, int]]:
    if is_address(path):
        # Data has no end that nobody would go beyond: what is bounded is the wait for each part of it.
        reach = Reach(may_leave=True, is_private=True, budget=Budget.of_data())
        with Source.parse(path, reach=reach).content() as content:
            yield ContentFile(content), len(content)
        return
    try:
        with open_regular(Path(path), "a file of data") as file:
            yield cast("io.FileIO", cast("io.BufferedReader", file).raw), os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise SourceError(path, "no such file. Check the path.") from None
    except IsADirectoryError:
        raise SourceError(path, "a folder, expected a file. Name the files in it.") from None
    except OSError as error:
        raise SourceError(path, unreadable(error)) from None


class _Counted(io.RawIOBase):
    """A file whose bytes are told as they are read: libraries read ahead, and in an order of their own."""

    def __init__(self, raw: io.RawIOBase, size: int, watcher: Watcher, digest: Digest | None) -> None:
        self._raw, self._left, self._watcher, self._digest = raw, size, watcher, digest

    def readable(self) -> bool:
        """True: bytes can be read."""
        return True

    def seekable(self) -> bool:
        """True: any position can be read from."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves the position."""
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        """The position, in bytes from the begin."""
        return self._raw.tell()

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """Fills the buffer from the position on, as far as there are bytes."""
        # `readinto` of a raw file: typeshed knows it of files on the disk only.
        start = self._raw.tell()
        count: int | None = self._raw.readinto(buffer)
        if self._digest is not None:
            self._digest.take(start, memoryview(buffer).cast("B")[: count or 0])
        self._tell(min(count or 0, self._left))
        return count

    def tell_rest(self) -> None:
        """Tells the bytes that were not read."""
        self._tell(self._left)

    def _tell(self, count: int) -> None:
        if count:
            self._left -= count
            self._watcher.advance(count)
