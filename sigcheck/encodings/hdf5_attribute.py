"""A text attribute of the root of an HDF5 file, found with the standard library alone.

The HDF5 library is not made for files that nobody vouches for: a few flipped bytes end the
process. What is needed here is little: the root's object header, its attribute messages,
and the global heap, where texts of variable length stand. Section numbers are those of
the HDF5 File Format Specification, version 3.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sigcheck.encodings.content import Content
from sigcheck.schema.budget import spend

_ATTRIBUTE, _CONTINUATION, _ATTRIBUTE_INFO = 0x0C, 0x10, 0x15
_READ_KINDS = frozenset({_ATTRIBUTE, _CONTINUATION, _ATTRIBUTE_INFO})
_STRING, _VARIABLE_LENGTH = 3, 9
_OLD_HEADER_BYTES, _OLD_MESSAGE_BYTES = 16, 8
_HEAP_HEAD_BYTES, _HEAP_OBJECT_BYTES = 8, 8

# Blocks of one object header: a loop of them has no end, and a header of a model has a few.
_MAX_BLOCKS = 1_000
# A block of a model has some ten.
_MAX_MESSAGES = 10_000
_STEPS_OF_MESSAGE = 2
# Objects are numbered with 16 bits.
_MAX_HEAP_OBJECTS = 1 << 16


class _Form(NamedTuple):
    """What the superblock says of the file: bytes of an address, bytes of a length, where the root is."""

    address: int
    length: int
    base: int
    root: int


class _Attribute(NamedTuple):
    """An attribute message taken apart (IV.A.2.m)."""

    name: bytes
    datatype: bytes
    dataspace: bytes
    data: bytes


def read_root_attribute(content: Content, name: str, limit: int) -> bytes | None:
    """The bytes of a text attribute of the root group, or None where the root has none of that name.

    Raises ValueError where the file is broken or keeps its attributes in a way that is not
    read here, where the attribute is no single text, or has more than `limit` bytes.
    """
    form = _read_superblock(content)
    is_dense = False
    for kind, message in _messages(content, form):
        if kind == _ATTRIBUTE:
            attribute = _split_attribute(message)
            if attribute.name == name.encode():
                return _read_text(content, form, attribute, limit)
        is_dense |= kind == _ATTRIBUTE_INFO and not _is_undefined(message, form)
    if is_dense:
        raise ValueError("the attributes stand in dense storage, which Keras does not write")
    return None


def _read_superblock(content: Content) -> _Form:
    """Versions 0 and 1 are what HDF5 writes by default, 2 and 3 what it writes for speed (II.A)."""
    version = _number(content, 8, 1)
    if version in {0, 1}:
        address, length = _number(content, 13, 1), _number(content, 14, 1)
        first = 24 if version == 0 else 28
        # Four addresses, then the root's entry: where its name stands, and its header.
        root = first + 4 * address + address
    elif version in {2, 3}:
        address, length = _number(content, 9, 1), _number(content, 10, 1)
        first = 12
        root = first + 3 * address
    else:
        raise ValueError(f"HDF5 superblock version {version}")
    if address not in {2, 4, 8} or length not in {2, 4, 8}:
        raise ValueError(f"HDF5 addresses of {address} and lengths of {length} bytes")
    base = _number(content, first, address)
    return _Form(address, length, base, base + _number(content, root, address))


def _messages(content: Content, form: _Form) -> Iterator[tuple[int, bytes]]:
    """Yields kind and bytes of each message of the root's header, its continuations included (IV.A.1)."""
    is_new = bytes(content[form.root : form.root + 4]) == b"OHDR"
    start, size, has_order = _new_header(content, form) if is_new else _old_header(content, form)
    waiting = [(start, size)]
    seen: set[int] = set()
    while waiting:
        start, size = waiting.pop(0)
        if start in seen or len(seen) >= _MAX_BLOCKS:
            raise ValueError("the object header of the root is a loop")
        seen.add(start)
        for kind, message in _split_block(content, start, size, is_new=is_new, has_order=has_order):
            if kind == _CONTINUATION:
                begin = form.base + int.from_bytes(message[: form.address], "little")
                length = int.from_bytes(message[form.address : form.address + form.length], "little")
                # A new block has a mark before its messages and a checksum behind them.
                waiting.append((begin + 4, length - 8) if is_new else (begin, length))
            yield kind, message


def _old_header(content: Content, form: _Form) -> tuple[int, int, bool]:
    if _number(content, form.root, 1) != 1:
        raise ValueError("the root of the HDF5 file has no object header")
    return form.root + _OLD_HEADER_BYTES, _number(content, form.root + 8, 4), False


def _new_header(content: Content, form: _Form) -> tuple[int, int, bool]:
    flags = _number(content, form.root + 5, 1)
    start = form.root + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    return start + width, _number(content, start, width), bool(flags & 4)


def _split_block(
    content: Content, start: int, size: int, *, is_new: bool, has_order: bool
) -> Iterator[tuple[int, bytes]]:
    """Yields the messages of a block, one by one: its header may announce gigabytes."""
    head = (6 if has_order else 4) if is_new else _OLD_MESSAGE_BYTES
    position, end = start, start + size
    if end > len(content):
        raise ValueError("the HDF5 file is cut off")
    for _ in range(_MAX_MESSAGES):
        if position + head > end:
            return
        spend(_STEPS_OF_MESSAGE)
        begin = _take(content, position, head)
        kind = begin[0] if is_new else int.from_bytes(begin[:2], "little")
        at = 1 if is_new else 2
        length = int.from_bytes(begin[at : at + 2], "little")
        if position + head + length > end:
            raise ValueError("a message of the HDF5 header is cut off")
        is_shared = begin[at + 2] & 2
        if not is_shared and kind in _READ_KINDS:
            yield kind, _take(content, position + head, length)
        position += head + length
    raise ValueError(f"an HDF5 header of more than {_MAX_MESSAGES} messages")


def _split_attribute(message: bytes) -> _Attribute:
    version, flags = message[0], message[1]
    if version not in {1, 2, 3} or (version > 1 and flags & 3):
        raise ValueError(f"an HDF5 attribute of version {version} with a shared type")
    sizes = [int.from_bytes(message[at : at + 2], "little") for at in (2, 4, 6)]
    position = 9 if version == 3 else 8  # noqa: PLR2004  # version 3 adds the character set of the name
    parts: list[bytes] = []
    for size in sizes:
        parts.append(message[position : position + size])
        # Version 1 pads each part to eight bytes.
        position += -(-size // 8) * 8 if version == 1 else size
    return _Attribute(parts[0].split(b"\0")[0], parts[1], parts[2], message[position:])


def _read_text(content: Content, form: _Form, attribute: _Attribute, limit: int) -> bytes:
    if _count(attribute.dataspace, form) != 1:
        raise ValueError(f"{attribute.name.decode()} is no single text")
    kind = attribute.datatype[0] & 0x0F
    if kind == _STRING:
        size = int.from_bytes(attribute.datatype[4:8], "little")
        return attribute.data[:size].rstrip(b"\0")
    if kind != _VARIABLE_LENGTH or attribute.datatype[1] & 0x0F != 1:
        raise ValueError(f"{attribute.name.decode()} is no text")
    # A length, the address of a heap, and the number of an object in it.
    size = int.from_bytes(attribute.data[:4], "little")
    heap = form.base + int.from_bytes(attribute.data[4 : 4 + form.address], "little")
    index = int.from_bytes(attribute.data[4 + form.address : 8 + form.address], "little")
    if size > limit:
        raise ValueError(f"{attribute.name.decode()} is longer than {limit >> 20} MiB")
    return _read_heap(content, form, heap, index, size)


def _read_heap(content: Content, form: _Form, heap: int, index: int, size: int) -> bytes:
    """Object `index` of a global heap (III.E)."""
    if bytes(content[heap : heap + 4]) != b"GCOL":
        raise ValueError("no heap where the HDF5 attribute says its text is")
    end = heap + _number(content, heap + _HEAP_HEAD_BYTES, form.length)
    position = heap + _HEAP_HEAD_BYTES + form.length
    for _ in range(_MAX_HEAP_OBJECTS):
        if position >= end:
            break
        spend(_STEPS_OF_MESSAGE)
        found = _number(content, position, 2)
        stored = _number(content, position + _HEAP_OBJECT_BYTES, form.length)
        start = position + _HEAP_OBJECT_BYTES + form.length
        if found == 0:
            break
        if found == index:
            if size > stored:
                raise ValueError("the text of the HDF5 attribute is cut off")
            return _take(content, start, size).rstrip(b"\0")
        position = start + -(-stored // 8) * 8
    raise ValueError("the text of the HDF5 attribute is not in its heap")


def _count(dataspace: bytes, form: _Form) -> int:
    """The number of values (IV.A.2.b)."""
    version, rank = dataspace[0], dataspace[1]
    start = 8 if version == 1 else 4
    count = 1
    for axis in range(rank):
        at = start + axis * form.length
        count *= int.from_bytes(dataspace[at : at + form.length], "little")
    return count


def _is_undefined(message: bytes, form: _Form) -> bool:
    """Whether an attribute info message names no heap: its attributes are messages (IV.A.2.v)."""
    at = 4 if message[1] & 1 else 2
    return message[at : at + form.address] == b"\xff" * form.address


def _number(content: Content, position: int, size: int) -> int:
    return int.from_bytes(_take(content, position, size), "little")


def _take(content: Content, position: int, size: int) -> bytes:
    part = bytes(content[position : position + size]) if 0 <= position <= len(content) else b""
    if len(part) != size:
        raise ValueError("the HDF5 file is cut off")
    return part
