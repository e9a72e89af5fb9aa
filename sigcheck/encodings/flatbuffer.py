"""FlatBuffers, read in place: tables, vectors and strings at offsets that are checked before they are followed.

Offsets within a buffer lead forward only, so that reading a fixed depth of fields ends.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sigcheck.encodings.content import Content
from sigcheck.schema.budget import spend

_OFFSET_BYTES = 4
_FIELD_BYTES = 2

# The formats of `struct` that fields and vectors hold.
_PACKED = {form: struct.Struct(f"<{form}") for form in "bBHiIfqQ"}
_SIZES = {form: packed.size for form, packed in _PACKED.items()}
_UNPACK = {form: packed.unpack_from for form, packed in _PACKED.items()}
# No table has as many fields; the list of them is copied for each kind of table.
_MAX_FIELDS = 64
# A number of a vector takes some 40 bytes in memory.
_BYTES_OF_STEP = 16
# Such a vector is read element by element.
_NEVER_READ_WHOLE = 1 << 31
# Where the fields of a table stand, by where that list stands: writers share it between tables that are alike.
_Lists = dict[int, tuple[int, ...]]


class Table:
    """A table of a buffer: its fields are numbered as in the schema, absent ones have their default."""

    # Thousands are made for one graph.
    __slots__ = ("_fields", "_lists", "content", "position")

    def __init__(self, content: Content, position: int, lists: _Lists) -> None:
        """The table at a position, of which nothing is read yet; `lists` is that of the whole buffer."""
        self.content = content
        self.position = position
        self._lists = lists
        self._fields: tuple[int, ...] | None = None

    @classmethod
    def root(cls, content: Content) -> Table:
        """The root of a buffer that begins where the content does. Raises ValueError where there is none."""
        return cls(content, _number(content, 0, "I"), {})

    def number(self, field: int, form: str, default: int = 0) -> int:
        """A whole number; `form` is its format in `struct`."""
        fields = self._fields or self._listed()
        if field >= len(fields) or not fields[field]:
            return default
        return _number(self.content, self.position + fields[field], form)

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
        spend(1 + size // _BYTES_OF_STEP)
        return _take(self.content, position + _OFFSET_BYTES, size).decode("utf-8", "replace")

    def table(self, field: int) -> Table | None:
        """A table, or None where it is absent."""
        position = self._target(field)
        return None if position is None else Table(self.content, position, self._lists)

    def iterate(self, field: int, limit: int = 1 << 20) -> Iterator[Table]:
        """Yields the tables of a vector one by one; none where it is absent."""
        start, count = self._vector(field, _OFFSET_BYTES, limit)
        for index in range(count):
            spend(2)
            at = start + index * _OFFSET_BYTES
            yield Table(self.content, at + _number(self.content, at, "I"), self._lists)

    def element(self, field: int, index: int) -> Table:
        """One table of a vector. Raises IndexError where the vector is shorter."""
        return self.elements(field)[index]

    def elements(self, field: int) -> Tables:
        """A vector of tables, none of which is looked at yet; an empty one where it is absent."""
        return Tables(self.content, *self._vector(field, _OFFSET_BYTES, _NEVER_READ_WHOLE), self._lists)

    def numbers(self, field: int, form: str, limit: int = 1 << 20) -> tuple[float, ...] | None:
        """A vector of numbers, or None where it is absent."""
        size = _SIZES[form]
        start, count = self._vector(field, size, limit)
        return None if start == 0 else struct.unpack(f"<{count}{form}", _take(self.content, start, count * size))

    def integers(self, field: int, form: str, limit: int = 1 << 20) -> tuple[int, ...] | None:
        """A vector of whole numbers, or None where it is absent."""
        start, count = self._vector(field, _SIZES[form], limit)
        if start == 0:
            return None
        return struct.unpack(f"<{count}{form}", _take(self.content, start, count * _SIZES[form]))

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
        fields = self._fields or self._listed()
        offset = fields[field] if field < len(fields) else 0
        return self.position + offset if offset else None

    def _listed(self) -> tuple[int, ...]:
        """Where the fields stand from the begin of the table, 0 for an absent one: the list is behind an offset."""
        listing = self.position - _number(self.content, self.position, "i")
        fields = self._lists.get(listing)
        if fields is None:
            size = _number(self.content, listing, "H") - _OFFSET_BYTES
            count = min(max(size // _FIELD_BYTES, 0), _MAX_FIELDS)
            taken = _take(self.content, listing + _OFFSET_BYTES, count * _FIELD_BYTES)
            fields = self._lists[listing] = struct.unpack(f"<{count}H", taken)
        self._fields = fields
        return fields

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
        # Vectors may overlap: each counts where it is read.
        if limit < _NEVER_READ_WHOLE:
            spend(1 + count * size // _BYTES_OF_STEP)
        return start, count


@dataclass(frozen=True)
class Tables:
    """A vector of tables, by their index."""

    content: Content
    start: int
    count: int
    lists: _Lists

    def __getitem__(self, index: int) -> Table:
        """One of them. Raises IndexError where the vector is shorter."""
        if not 0 <= index < self.count:
            raise IndexError(f"element {index} of a vector of {self.count}")
        at = self.start + index * _OFFSET_BYTES
        return Table(self.content, at + _number(self.content, at, "I"), self.lists)


def _number(content: Content, position: int, form: str) -> int:
    if position >= 0:
        try:
            # Where the bytes are at hand; of a remote file the few that are needed are asked for.
            value: int = _UNPACK[form](content, position)[0]  # type: ignore[arg-type]  # what is no buffer raises
        except (TypeError, struct.error):
            pass
        else:
            return value
    (found,) = _PACKED[form].unpack(_take(content, position, _SIZES[form]))
    return int(found)


def _take(content: Content, position: int, size: int) -> bytes:
    if position < 0 or position + size > len(content):
        raise ValueError("an offset that leads out of the file")
    return bytes(content[position : position + size])
