"""Heads: the nodes of a GraphDef or of a function by name, each read when it is asked for.

Of most exports half of the nodes are of saving and restoring: of these the names alone are looked at.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import NamedTuple

from sigcheck.encodings.content import Content
from sigcheck.encodings.wire import CONTINUES, LENGTH, PORTION, Span, read_varint, scan, spans
from sigcheck.graph.view import MAX_NODES, Attributes
from sigcheck.readers.graph_def.attributes import MOST_SHARED, read_attributes, shared_attributes
from sigcheck.schema.budget import spend

# The numbers of NodeDef.name, .op and .input, and their tags.
_NAME, _OP, _INPUT = 1, 2, 3
_NAME_TAG, _OP_TAG, _INPUT_TAG = _NAME << 3 | LENGTH, _OP << 3 | LENGTH, _INPUT << 3 | LENGTH
_NAMED = re.compile(rb"\n([\x00-\x7f])([--z]+)", re.DOTALL)
# The bytes of a node that are looked at for its name: two tags and three bytes of lengths.
_BEGIN = 5
# What two bytes of a length say is less: more has a third byte, which may be that of a tag.
_LONGER = 1 << 14
# An operation is a tag, a length and a name.
_LEAST = 3
# A longer name is none; the bytes of a name are copied.
_MAX_NAME_BYTES = 2**12
# A larger node is a constant, or has thousands of inputs: it is scanned, of which the budget is told.
_MAX_COPIED = 2**16


class TooLargeError(ValueError):
    """More nodes than are looked at."""


class Head(NamedTuple):
    """A node without its attributes, which are read while the file is open: nodes alike have one way to read them."""

    op: str
    inputs: tuple[bytes, ...]
    read_attributes: Callable[[], Attributes]


class Heads:
    """Nodes by name, as the bytes of the file have it."""

    def __init__(self, content: Content) -> None:
        """No nodes yet."""
        self._content = content
        # What no pattern can look at is scanned field by field.
        self._bytes: bytes | mmap.mmap = content if isinstance(content, bytes | mmap.mmap) else b""
        # A node that was not read yet is where its operation begins and where it ends.
        self._rows: dict[bytes, Head | tuple[int, int]] = {}
        self._ops: dict[bytes, str] = {}
        self._readers: dict[bytes, Callable[[], Attributes]] = {}
        self.count = 0

    def add_all(self, start: int, end: int, number: int) -> Iterator[tuple[int, Span]]:
        """Adds the nodes of a message, its fields of this number, by their names; yields its other fields.

        Raises TooLargeError above MAX_NODES, counted as they come, as names may repeat; ValueError as `spans` does.
        """
        data, rows, tag = self._bytes, self._rows, number << 3 | LENGTH
        at, count, last = start, 0, min(end, len(data)) - _BEGIN
        while at < end:
            # A node, its length in one byte or in two, and the length of its name, which comes first: almost all.
            if at <= last and data[at] == tag:
                size, begin = data[at + 1], at + 2
                if size >= CONTINUES:
                    size, begin = size & CONTINUES - 1 | data[at + 2] << 7, at + 3
                length, name_at, behind = data[begin + 1], begin + 2, begin + size
                name_end = name_at + length
                if data[begin] == _NAME_TAG and size < _LONGER and length < CONTINUES and name_end <= behind <= end:
                    rows[data[name_at:name_end]] = name_end, behind
                    at = behind
                    count += 1
                    if count == PORTION:
                        self._add(count)
                        count = 0
                    continue
            for found, span in spans(self._content, at, end):
                at = span.end
                if found != number:
                    yield found, span
                    continue
                self._add_other(span)
                self._add(1)
                break
            else:
                break
        self._add(count)
        if not b"".join(rows).isascii():
            for name in rows:
                name.decode()

    def _add(self, count: int) -> None:
        self.count += count
        if self.count > MAX_NODES:
            raise TooLargeError(f"more than {MAX_NODES} nodes")
        spend(count)

    def _add_other(self, span: Span) -> None:
        """Adds a node that is large, or not as TensorFlow writes it."""
        match = _NAMED.match(self._bytes, *span)
        if match is not None and match[1][0] == len(match[2]):
            self._rows[match[2]] = match.end(), span.end
        else:
            name, self._rows[name] = self._scanned(span)

    def find(self, name: bytes) -> Head | None:
        """The node of this name, None where there is none. Raises ValueError where it is broken.

        Only a large one is kept, with its attributes: a call, which is asked for by each of its results.
        """
        row = self._rows.get(name)
        if row is None or isinstance(row, Head):
            return row
        begin, end = row
        found = self._usual(begin, end) if end - begin <= _MAX_COPIED else None
        if found is None:
            last, found = self._scanned(Span(begin - len(name) - 2, end))
            if last != name:
                raise ValueError(f"a node called {name!r} and {last!r}")
        if end - begin > MOST_SHARED:
            self._rows[name] = found = found._replace(read_attributes=cache(found.read_attributes))
        return found

    def _usual(self, begin: int, end: int) -> Head | None:
        """A node as TensorFlow writes it: the operation behind the name, the inputs, then all the rest; else None."""
        data = self._bytes[begin:end]
        size = len(data)
        if size < _LEAST or data[0] != _OP_TAG:
            return None
        at = 2 + data[1]
        op, inputs = self._ops.get(data[2:at]) or self._op(data[2:at]), []
        while at + 1 < size and data[at] == _INPUT_TAG:
            length, begin_text = data[at + 1], at + 2
            if length >= CONTINUES:
                length, begin_text = read_varint(data, at + 1)
            at = begin_text + length
            if length > _MAX_NAME_BYTES:
                return None
            inputs.append(data[begin_text:at])
        if at > size or op is None or not b"".join(inputs).isascii():
            return None
        rest = data[at:]
        read = self._readers.get(rest) or self._reader(rest, begin + at, end)
        # Made thousands of times: without the call that checks what is put in.
        return None if read is None else tuple.__new__(Head, (op, tuple(inputs), read))

    def _op(self, field: bytes) -> str | None:
        """The operation; None where its length takes more than the one byte that was read."""
        if len(field) < CONTINUES and field.isascii():
            self._ops[field] = field.decode()
        return self._ops.get(field)

    def _reader(self, fields: bytes, begin: int, end: int) -> Callable[[], Attributes] | None:
        """What reads the fields behind the inputs: one for all that are alike; None of what is no such field."""
        if not _is_behind(fields):
            return None
        if len(fields) > MOST_SHARED:
            return partial(read_attributes, self._content, begin, end)
        found = self._readers[fields] = partial(shared_attributes, fields)
        return found

    def _scanned(self, span: Span) -> tuple[bytes, Head]:
        """Any node, with its name."""
        texts: dict[int, list[bytes]] = {_NAME: [], _OP: [], _INPUT: []}
        for found in scan(self._content, span.start, span.end):
            if found.number in texts and isinstance(found.value, Span):
                part = found.value
                if part.end - part.start > _MAX_NAME_BYTES:
                    raise ValueError(f"a name of {part.end - part.start} bytes")
                text = bytes(self._content[part.start : part.end])
                text.decode()
                texts[found.number].append(text)
        read = partial(read_attributes, self._content, span.start, span.end)
        name, op = (b"".join(texts[number][-1:]) for number in (_NAME, _OP))
        return name, Head(op.decode(), tuple(texts[_INPUT]), read)


def _is_behind(fields: bytes) -> bool:
    """Whether this is whole, and nothing of the head of a node is in it."""
    at, stop = 0, len(fields)
    while at < stop:
        if not _INPUT_TAG < fields[at] < CONTINUES or fields[at] & 7 != LENGTH:
            return False
        length, at = fields[at + 1] if at + 1 < stop else CONTINUES, at + 2
        if length >= CONTINUES:
            length, at = read_varint(fields, at - 1)
        at += length
    return at == stop
