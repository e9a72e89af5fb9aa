"""FlatBuffers, read in place: tables, vectors and strings at offsets that are checked before they are followed.

Offsets within a buffer lead forward only, so that reading a fixed depth of fields ends.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sigcheck.readers.content import Content

_OFFSET_BYTES = 4
_FIELD_BYTES = 2

# The formats of `struct` that fields and vectors hold.
_SIZES = {"b": 1, "B": 1, "i": 4, "I": 4, "f": 4, "q": 8, "Q": 8}


@dataclass(frozen=True)
class Table:
    """A table of a buffer: its fields are numbered as in the schema, absent ones have their default."""

    content: Content
    position: int

    @classmethod
    def root(cls, content: Content) -> Table:
        """The root of a buffer that begins where the content does. Raises ValueError where there is none."""
        return cls(content, _number(content, 0, "I"))

    def number(self, field: int, form: str, default: int = 0) -> int:
        """A whole number; `form` is its format in `struct`."""
        position = self._field(field)
        return default if position is None else int(_number(self.content, position, form))

    def text(self, field: int, limit: int = 1 << 16) -> str:
        """A string, empty where it is absent. Raises ValueError where it is longer than `limit` bytes."""
        position = self._target(field)
        if position is None:
            return ""
        size = _number(self.content, position, "I")
        if size > limit:
            raise ValueError(f"a name of {size} bytes")
        return _take(self.content, position + _OFFSET_BYTES, size).decode("utf-8", "replace")

    def table(self, field: int) -> Table | None:
        """A table, or None where it is absent."""
        position = self._target(field)
        return None if position is None else Table(self.content, position)

    def iterate(self, field: int, limit: int = 1 << 20) -> Iterator[Table]:
        """Yields the tables of a vector one by one; none where it is absent."""
        start, count = self._vector(field, _OFFSET_BYTES, limit)
        for index in range(count):
            at = start + index * _OFFSET_BYTES
            yield Table(self.content, at + _number(self.content, at, "I"))

    def element(self, field: int, index: int) -> Table:
        """One table of a vector. Raises IndexError where the vector is shorter."""
        start, count = self._vector(field, _OFFSET_BYTES, 1 << 31)
        if not 0 <= index < count:
            raise IndexError(f"element {index} of a vector of {count}")
        at = start + index * _OFFSET_BYTES
        return Table(self.content, at + _number(self.content, at, "I"))

    def numbers(self, field: int, form: str, limit: int = 1 << 20) -> tuple[float, ...] | None:
        """A vector of numbers, or None where it is absent."""
        if self._target(field) is None:
            return None
        size = _SIZES[form]
        start, count = self._vector(field, size, limit)
        return struct.unpack(f"<{count}{form}", _take(self.content, start, count * size))

    def integers(self, field: int, form: str, limit: int = 1 << 20) -> tuple[int, ...] | None:
        """A vector of whole numbers, or None where it is absent."""
        found = self.numbers(field, form, limit)
        return None if found is None else tuple(int(number) for number in found)

    def data(self, field: int, limit: int) -> bytes:
        """A vector of bytes, empty where it is absent."""
        start, count = self._vector(field, 1, limit)
        return _take(self.content, start, count)

    def _field(self, field: int) -> int | None:
        """Where a field stands. A table begins with the way back to the list of its fields."""
        listing = self.position - _number(self.content, self.position, "i")
        at = _OFFSET_BYTES + field * _FIELD_BYTES
        if at + _FIELD_BYTES > _number(self.content, listing, "H"):
            return None
        offset = _number(self.content, listing + at, "H")
        return self.position + offset if offset else None

    def _target(self, field: int) -> int | None:
        position = self._field(field)
        return None if position is None else position + _number(self.content, position, "I")

    def _vector(self, field: int, size: int, limit: int) -> tuple[int, int]:
        position = self._target(field)
        if position is None:
            return 0, 0
        count = _number(self.content, position, "I")
        start = position + _OFFSET_BYTES
        if count > limit or start + count * size > len(self.content):
            raise ValueError(f"a vector of {count} elements, more than there can be")
        return start, count


def _number(content: Content, position: int, form: str) -> int:
    size = struct.calcsize(f"<{form}")
    value: int = struct.unpack(f"<{form}", _take(content, position, size))[0]
    return value


def _take(content: Content, position: int, size: int) -> bytes:
    if position < 0 or position + size > len(content):
        raise ValueError("an offset that leads out of the file")
    return bytes(content[position : position + size])
