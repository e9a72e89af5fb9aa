"""FlatBuffers, read in place: tables, vectors and strings at offsets that are checked before they are followed.

Offsets within a buffer lead forward only, so that reading a fixed depth of fields ends.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sigcheck.readers.content import Content

_OFFSET_BYTES = 4
_FIELD_BYTES = 2

# The formats of `struct` that fields and vectors hold.
_PACKED = {form: struct.Struct(f"<{form}") for form in "bBHiIfqQ"}
_SIZES = {form: packed.size for form, packed in _PACKED.items()}
# No table has as many fields; the list of them is copied for each table.
_MAX_FIELDS = 64
# Of these numbers are read where they stand; of others, which may lie elsewhere, the few bytes are asked for.
_BUFFERS = (bytes, mmap.mmap, memoryview)


class Table:
    """A table of a buffer: its fields are numbered as in the schema, absent ones have their default."""

    # Thousands are made for one graph.
    __slots__ = ("_fields", "content", "position")

    def __init__(self, content: Content, position: int) -> None:
        """The table at a position, of which nothing is read yet."""
        self.content = content
        self.position = position
        self._fields: tuple[int, ...] | None = None

    @classmethod
    def root(cls, content: Content) -> Table:
        """The root of a buffer that begins where the content does. Raises ValueError where there is none."""
        return cls(content, _number(content, 0, "I"))

    def number(self, field: int, form: str, default: int = 0) -> int:
        """A whole number; `form` is its format in `struct`."""
        position = self._field(field)
        return default if position is None else int(_number(self.content, position, form))

    def real(self, field: int, default: float = 0.0) -> float:
        """A float32."""
        position = self._field(field)
        if position is None:
            return default
        value: float = struct.unpack("<f", _take(self.content, position, _SIZES["f"]))[0]
        return value

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
        return self.elements(field)[index]

    def elements(self, field: int) -> Tables:
        """A vector of tables, none of which is looked at yet; an empty one where it is absent."""
        return Tables(self.content, *self._vector(field, _OFFSET_BYTES, 1 << 31))

    def numbers(self, field: int, form: str, limit: int = 1 << 20) -> tuple[float, ...] | None:
        """A vector of numbers, or None where it is absent."""
        size = _SIZES[form]
        start, count = self._vector(field, size, limit)
        if start == 0:
            return None
        return struct.unpack(f"<{count}{form}", _take(self.content, start, count * size))

    def integers(self, field: int, form: str, limit: int = 1 << 20) -> tuple[int, ...] | None:
        """A vector of whole numbers, or None where it is absent."""
        found = self.numbers(field, form, limit)
        return None if found is None else tuple(int(number) for number in found)

    def count(self, field: int) -> int:
        """The number of elements that a vector says it has; 0 where it is absent."""
        position = self._target(field)
        return 0 if position is None else _number(self.content, position, "I")

    def data(self, field: int, limit: int) -> bytes:
        """A vector of bytes, empty where it is absent."""
        start, count = self._vector(field, 1, limit)
        return _take(self.content, start, count)

    def _field(self, field: int) -> int | None:
        """Where a field stands; None where it is absent."""
        if self._fields is None:
            self._fields = self._listed()
        offset = self._fields[field] if field < len(self._fields) else 0
        return self.position + offset if offset else None

    def _listed(self) -> tuple[int, ...]:
        """Where the fields stand from the begin of the table, 0 for an absent one: the list is behind an offset."""
        listing = self.position - _number(self.content, self.position, "i")
        size = _number(self.content, listing, "H") - _OFFSET_BYTES
        count = min(max(size // _FIELD_BYTES, 0), _MAX_FIELDS)
        return struct.unpack(f"<{count}H", _take(self.content, listing + _OFFSET_BYTES, count * _FIELD_BYTES))

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


@dataclass(frozen=True)
class Tables:
    """A vector of tables, by their index."""

    content: Content
    start: int
    count: int

    def __getitem__(self, index: int) -> Table:
        """One of them. Raises IndexError where the vector is shorter."""
        if not 0 <= index < self.count:
            raise IndexError(f"element {index} of a vector of {self.count}")
        at = self.start + index * _OFFSET_BYTES
        return Table(self.content, at + _number(self.content, at, "I"))


def _number(content: Content, position: int, form: str) -> int:
    packed = _PACKED[form]
    if isinstance(content, _BUFFERS) and 0 <= position <= len(content) - packed.size:
        value: int = packed.unpack_from(content, position)[0]
        return value
    (value,) = packed.unpack(_take(content, position, packed.size))
    return int(value)


def _take(content: Content, position: int, size: int) -> bytes:
    if position < 0 or position + size > len(content):
        raise ValueError("an offset that leads out of the file")
    return bytes(content[position : position + size])
