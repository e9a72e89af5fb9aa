"""Ahead: a file that is read in large pieces, of which what is not used yet is kept."""

from __future__ import annotations

from typing import BinaryIO, Protocol, cast

from sigcheck.observation.spans import PADDING

# More at a time would be set aside for a length that is wrong.
_PART_BYTES = 1 << 22


class _Readable(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class Ahead:
    """What was read of a file and not dropped: the first `size` bytes of `content`, which ends in PADDING."""

    def __init__(self, file: BinaryIO) -> None:
        """Nothing read yet."""
        self._file = cast("_Readable", file)
        self._is_over = False
        self._error: Exception | None = None
        self.content = PADDING
        self.size = 0

    def read(self, wanted: int) -> bool:
        """Reads until there are so many bytes, or no more; whether there is any. Raises as `is_over` does if not."""
        parts = [self.content[: self.size]]
        while self.size < wanted and not self._is_over:
            try:
                part = self._file.read1(min(wanted - self.size, _PART_BYTES))
            except Exception as error:  # noqa: BLE001  # it is raised behind all that was read
                self._error, part = error, b""
            self._is_over = not part
            self.size += len(part)
            parts.append(part)
        self.content = b"".join((*parts, PADDING))
        return self.size > 0 or not self.is_over()

    def is_over(self) -> bool:
        """Whether the file has no more. Raises what ended its reading, if that was an error."""
        if self._error is not None:
            raise self._error
        return self._is_over

    def drop(self, count: int) -> None:
        """Forgets the first bytes."""
        self.content = self.content[count:]
        self.size -= count
