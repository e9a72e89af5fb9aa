"""Wire: the protobuf encoding, without protobuf; scanned without copying what is stepped over, and written.

Malformed bytes raise ValueError with the reason. A field of a wire type that its message
does not declare is stepped over, as protobuf does with unknown fields.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from sigcheck.encodings.content import Content
from sigcheck.schema.budget import spend

# Protobuf's own limit (CodedInputStream, SetRecursionLimit): deeper files are refused by TensorFlow too.
MAX_DEPTH = 100

VARINT, _FIXED64, LENGTH, _GROUP, _END_GROUP, _FIXED32 = 0, 1, 2, 3, 4, 5
_KINDS = frozenset({VARINT, _FIXED64, LENGTH, _GROUP, _FIXED32})
# A byte of a varint at or above this has another behind it.
CONTINUES = 0x80
_LONGEST_VARINT = 10
# A tag and a length, each a varint.
_HEADER_BYTES = 2 * _LONGEST_VARINT
# A tag of one byte and a length.
_SHORT_HEADER_BYTES = 1 + _LONGEST_VARINT
# The budget is told of so many fields at once.
PORTION = 256
_BIT_64 = 1 << 64
_SIGN_64 = 1 << 63


class Span(NamedTuple):
    """A length-delimited field that was stepped over: from `start` up to `end`."""

    start: int
    end: int


class WireField(NamedTuple):
    """One field: its number, and an int (varint), 4 or 8 bytes (fixed), or a Span."""

    number: int
    value: int | bytes | Span


def scan(content: Content, start: int = 0, end: int | None = None) -> Iterator[WireField]:
    """Yields the fields of the message between two offsets; reads no more than their headers.

    Raises ValueError where the bytes are no message.
    """
    at, stop, steps = start, len(content) if end is None else end, 0
    while at < stop:
        field, at = read_field(content, at, stop)
        steps += 1
        if steps == PORTION:
            spend(2 * PORTION)
            steps = 0
        if field is not None:
            yield field
    spend(2 * steps)


def spans(content: Content, start: int, end: int) -> Iterator[tuple[int, Span]]:
    """Yields the length-delimited fields of a message by number: `scan` for thousands of nodes in a row.

    Raises ValueError where the bytes are no message.
    """
    at, steps = start, 0
    new = tuple.__new__
    while at < end:
        steps += 1
        if steps == PORTION:
            spend(PORTION)
            steps = 0
        header = content[at : at + _SHORT_HEADER_BYTES]
        tag = header[0]
        # No field has the number 0.
        if tag & 7 != LENGTH or not 8 <= tag < CONTINUES:  # noqa: PLR2004  # the least tag of a field
            found, at = read_field(content, at, end)
            if found is not None and isinstance(found.value, Span):
                yield found.number, found.value
            continue
        length, begin = header[1] if len(header) > 1 else CONTINUES, at + 2
        if length >= CONTINUES:
            # Most nodes take from 128 to 16,383 bytes: two of them say so.
            if len(header) > 2 and header[2] < CONTINUES:  # noqa: PLR2004  # a tag and two bytes of its length
                length, begin = length & CONTINUES - 1 | header[2] << 7, at + 3
            else:
                length, used = read_varint(bytes(header), 1)
                begin = at + used
        at = begin + length
        if at > end:
            raise ValueError(f"cut short: {length} bytes announced at byte {begin}, {end - begin} there")
        # Made thousands of times: without the call that checks what is put in.
        yield tag >> 3, new(Span, (begin, at))
    spend(steps)


def read_field(content: Content, at: int, stop: int) -> tuple[WireField | None, int]:
    """The field at an offset, None for a group, and the offset behind it.

    Raises ValueError where there is no whole field.
    """
    # One slice holds the tag and the length: a remote content answers each slice by a request.
    header = bytes(content[at : min(at + _HEADER_BYTES, stop)])
    tag, used = read_varint(header, 0)
    number, kind = tag >> 3, tag & 7
    if number == 0 or kind not in _KINDS:
        raise ValueError(f"no field at byte {at}")
    if kind == VARINT:
        value, used = read_varint(header, used)
        return WireField(number, value), at + used
    if kind == LENGTH:
        length, used = read_varint(header, used)
        begin = at + used
        if length > stop - begin:
            raise ValueError(f"cut short: {length} bytes announced at byte {begin}, {stop - begin} there")
        return WireField(number, Span(begin, begin + length)), begin + length
    if kind == _GROUP:
        return None, _end_of_group(content, at + used, stop)
    size = 8 if kind == _FIXED64 else 4
    if used + size > len(header):
        raise ValueError(f"cut short at byte {at}")
    return WireField(number, header[used : used + size]), at + used + size


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The unsigned number at an offset, and the offset behind it. Raises ValueError where none ends."""
    if at < len(data) and data[at] < CONTINUES:
        return data[at], at + 1
    result = shift = 0
    for index in range(at, min(at + _LONGEST_VARINT, len(data))):
        byte = data[index]
        result |= (byte & (CONTINUES - 1)) << shift
        if byte < CONTINUES:
            return result & (_BIT_64 - 1), index + 1
        shift += 7
    raise ValueError("a number without an end")


def small_fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yields the fields of a small message, each with what it holds: a varint, or bytes.

    Raises ValueError where the bytes are no message, and for a group, which TensorFlow's own parsers refuse.
    """
    at = 0
    while at < len(data):
        field, at = read_field(data, at, len(data))
        if field is None:
            raise ValueError(f"a group before byte {at}")
        number, value = field
        yield number, data[value.start : value.end] if isinstance(value, Span) else value


def varint(number: int) -> bytes:
    r"""A varint of the number; of a negative one its 64 bits.

    >>> varint(300), len(varint(-1))
    (b'\xac\x02', 10)
    """
    rest, written = number % _BIT_64, bytearray()
    while rest >= CONTINUES:
        written.append(rest % CONTINUES | CONTINUES)
        rest //= CONTINUES
    return bytes([*written, rest])


def varint_field(number: int, value: int) -> bytes:
    """A field that holds a varint."""
    return varint(number << 3 | VARINT) + varint(value)


def length_field(number: int, data: bytes) -> bytes:
    """A field that holds bytes: of a text, of a message, or packed numbers."""
    return varint(number << 3 | LENGTH) + varint(len(data)) + data


def signed(number: int) -> int:
    """An int32, int64 or enum from its varint: negative numbers are written as 64 bits.

    >>> signed(2**64 - 1)
    -1
    """
    return number - _BIT_64 if number >= _SIGN_64 else number


def zigzag(number: int) -> int:
    """A sint64 from its varint.

    >>> zigzag(3), zigzag(4)
    (-2, 2)
    """
    return (number >> 1) ^ -(number & 1)


def float_of(data: bytes) -> float:
    """A float or a double from its 4 or 8 bytes.

    >>> float_of(bytes([0, 0, 128, 63]))
    1.0
    """
    number: float = struct.unpack("<f" if len(data) == 4 else "<d", data)[0]  # noqa: PLR2004  # the bytes of a float
    return number


def _end_of_group(content: Content, at: int, stop: int) -> int:
    """The offset behind a group. No message of TensorFlow has groups; protobuf steps over them."""
    depth, steps = 1, 0
    while depth:
        steps += 1
        if steps == PORTION:
            spend(2 * PORTION)
            steps = 0
        tag, used = read_varint(bytes(content[at : min(at + _LONGEST_VARINT, stop)]), 0)
        if tag & 7 == _END_GROUP:
            depth -= 1
            at += used
        elif tag & 7 == _GROUP:
            depth += 1
            at += used
        else:
            _, at = read_field(content, at, stop)
        if depth > MAX_DEPTH:
            raise ValueError(f"groups nested more than {MAX_DEPTH} deep")
    spend(2 * steps)
    return at
