"""A Content as a file object, for the libraries that want one (zipfile, h5py)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from sigcheck.encodings.content import Content


class ContentFile(io.RawIOBase):
    """Reads the Content where it is asked to, and nothing else of it."""

    def __init__(self, content: Content, most: int | None = None, refusal: str = "") -> None:
        """A Content; a single read of more than `most` bytes that are there raises ValueError with the refusal."""
        self._content = content
        self._position = 0
        self._most = most
        self._refusal = refusal

    def readable(self) -> bool:
        """True: bytes can be read."""
        return True

    def seekable(self) -> bool:
        """True: any position can be read from."""
        return True

    def tell(self) -> int:
        """The position, in bytes from the begin."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves the position, also past the end. Raises ValueError before the begin.

        Counted from the end it stays at the begin, as `io.BytesIO` has it: zipfile looks for its records that way.
        """
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self._content)}[whence]
        if start + offset < 0 and whence != io.SEEK_END:
            raise ValueError("a position before the begin of the file")
        self._position = max(0, start + offset)
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        """The bytes from the position on, as many as are asked for and there."""
        left = max(0, len(self._content) - self._position)
        count = left if size is None or size < 0 else min(size, left)
        if self._most is not None and count > self._most:
            raise ValueError(self._refusal)
        part = bytes(self._content[self._position : self._position + count])
        self._position += len(part)
        return part

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer from the position on, as far as there are bytes."""
        with memoryview(buffer).cast("B") as view:
            part = self._content[self._position : self._position + len(view)]
            view[: len(part)] = part
        self._position += len(part)
        return len(part)
