"""Spans: pieces of bytes that are read together by NumPy, and the numbers of varying length that say where they end."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sigcheck.observation.column import Array

# Behind the last byte: what looks for the end of a number there finds it.
PADDING = bytes(16)
_CONTINUES, _BITS, _BYTE = 0x80, 7, 8
# The tag of a field and a length of one byte.
_SHORT_HEAD = 2
# Bytes that are compared at a time.
_WORD = 8
_MOST_BYTES = 4
# Bytes of a piece, on the average and of the longest.
_SHORT, _WORD_OF_TEXT = 128, 64
# From there on a step costs more than reading so few pieces one by one.
_FEW_STEPS, _FEW_PIECES = 64, 16


class OtherFormError(ValueError):
    """Bytes that are not written as all writers do: whoever reads each for itself has to judge them."""


@dataclass(frozen=True, eq=False)
class Spans:
    """Pieces of `content`, which ends in PADDING: each from one of `starts` to its one of `ends`, of shape [pieces]."""

    content: bytes
    starts: Array
    ends: Array

    @classmethod
    def joined(cls, pieces: list[bytes]) -> Spans:
        """These pieces, one behind the other."""
        lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
        ends = np.cumsum(lengths)
        return cls(b"".join((*pieces, PADDING)), ends - lengths, ends)

    @classmethod
    def beside(cls, parts: list[Spans]) -> Spans:
        """These of one content together, at least one."""
        if len(parts) == 1:
            return parts[0]
        starts, ends = (np.concatenate(both) for both in zip(*((one.starts, one.ends) for one in parts), strict=True))
        return cls(parts[0].content, starts, ends)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, chosen: slice | Array) -> Spans:
        return Spans(self.content, self.starts[chosen], self.ends[chosen])

    @cached_property
    def data(self) -> Array:
        """The bytes, of shape [all]."""
        return np.frombuffer(self.content, np.uint8)

    @property
    def lengths(self) -> Array:
        """How many bytes each has."""
        return self.ends - self.starts

    def pieces(self) -> Iterable[bytes]:
        """The bytes of each."""
        return map(self.content.__getitem__, map(slice, self.starts.tolist(), self.ends.tolist()))

    def objects(self) -> Array:
        """The bytes of each, as an array of objects of shape [pieces]."""
        lengths = self.lengths
        width = int(lengths.max(initial=0))
        # NumPy makes objects of short texts without their zeros at the end: of those that have none, many at a time.
        is_inside = width and int(self.starts.max()) + width <= len(self.content)
        if is_inside and width <= _WORD_OF_TEXT and self.data.take(self.ends - 1).all():
            pieces = self.of_width(width, "V").view(np.uint8).reshape(-1, width)
            pieces *= np.arange(width, dtype=np.uint8) < lengths.astype(np.uint8)[:, None]
            return pieces.view(f"S{width}").ravel().astype(object)
        found = np.empty(len(self), object)
        found[:] = list(self.pieces())
        return found

    def together(self) -> Array:
        """The bytes of all, one piece behind the other and PADDING behind the last, of shape [all of these]."""
        lengths = self.lengths
        width, count = int(lengths.max(initial=0)), int(lengths.sum())
        if width * len(lengths) == count:
            pieces = self.of_width(width, "V").view(np.uint8) if count else self.data[:0]
        elif count < _SHORT * len(lengths):
            # Where each byte stands: of short pieces sooner told than a piece is made.
            places = np.repeat(self.ends - np.cumsum(lengths), lengths)
            places += np.arange(count)
            pieces = self.data.take(places)
        else:
            return np.frombuffer(b"".join((*self.pieces(), PADDING)), np.uint8)
        return np.append(pieces, np.frombuffer(PADDING, np.uint8))

    def are(self, text: bytes) -> Array:
        """Of each whether these are its bytes."""
        found: Array = self.lengths == len(text)
        if text:
            found[found] = self[found].of_width(len(text), "S") == np.frombuffer(text, f"S{len(text)}")
        return found

    def begin_with(self, text: bytes, grown: Array | None = None, sizes: bytes = b"") -> bool:
        """Whether all begin with these bytes; none may be shorter than they.

        Where pieces have `grown`, those bytes of each for which `sizes` has a one are as much greater.
        """
        count = -(-len(text) // _WORD)
        heads = self.of_width(count * _WORD, "V").view("<u8").reshape(-1, count)
        for at in range(count):
            words, part = heads[:, at], text[at * _WORD : (at + 1) * _WORD]
            if len(part) < _WORD:
                words = words & np.uint64((1 << _BYTE * len(part)) - 1)
            if grown is not None:
                words = words - grown * np.uint64(int.from_bytes(sizes[at * _WORD : (at + 1) * _WORD], "little"))
            if (words != np.uint64(int.from_bytes(part, "little"))).any():
                return False
        return True

    def of_width(self, width: int, kind: str, offset: int = 0) -> Array:
        """So many bytes of each piece from `offset` on, as items of this kind of dtype: one copy of each.

        What stands behind a piece, and PADDING, may be among them, nothing else.
        """
        count = len(self.content) - width + 1 - offset
        return np.ndarray((count,), f"{kind}{width}", self.content, offset, strides=(1,))[self.starts]


def contents(spans: Spans, tag: int) -> Spans:
    """What each piece holds, which is one field of this tag and nothing else. Raises OtherFormError for others."""
    lengths = spans.lengths
    if len(lengths) and lengths.min() > 1 and lengths.max() < _CONTINUES + _SHORT_HEAD:
        # A length of one byte: the head of each is known before it is looked at.
        if (spans.of_width(_SHORT_HEAD, "<u") != (lengths - _SHORT_HEAD << _BYTE) + tag).any():
            raise OtherFormError
        return Spans(spans.content, spans.starts + _SHORT_HEAD, spans.ends)
    found = first_field(spans, tag)
    if (found.ends != spans.ends).any():
        raise OtherFormError
    return found


def field_at(content: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """Where what the field holds that begins there does begin and end.

    Raises OtherFormError unless it has this tag, and lies before `end`.
    """
    size, behind = 0, at + 1
    for place in range(_MOST_BYTES):
        byte = content[behind]
        behind += 1
        size |= (byte & _CONTINUES - 1) << (_BITS * place)
        if byte < _CONTINUES:
            break
    if content[at] != tag or byte >= _CONTINUES or behind + size > end:
        raise OtherFormError
    return behind, behind + size


def first_field(spans: Spans, tag: int) -> Spans:
    """What the first field of each piece holds. Raises OtherFormError unless it has this tag, and lies in the piece."""
    # A piece without a byte is one whose field reaches beyond it.
    heads = spans.of_width(_SHORT_HEAD, "<u")
    if (heads.astype(np.uint8) != tag).any():
        raise OtherFormError
    size = heads >> np.uint16(_BYTE)
    if len(size) and size.max() < _CONTINUES:
        starts = spans.starts + _SHORT_HEAD
    else:
        size, starts = _varints(spans.data, spans.starts + 1)
    ends = starts + size
    if (ends > spans.ends).any():
        raise OtherFormError
    return Spans(spans.content, starts, ends)


def walk(spans: Spans, tag: int) -> Iterator[tuple[Array, Spans]]:
    """Yields what the first fields of all pieces hold, then the second ones, each with the numbers of their pieces.

    Raises OtherFormError as `first_field` and `with_more` do.
    """
    rows = np.arange(len(spans))
    for step in itertools.count():
        rows, spans = with_more(rows, spans, step)
        if not len(rows):
            return
        found = first_field(spans, tag)
        yield rows, found
        spans = Spans(spans.content, found.ends, spans.ends)


def with_more(rows: Array, spans: Spans, step: int) -> tuple[Array, Spans]:
    """Those pieces that have bytes left behind so many fields, and their numbers.

    Raises OtherFormError where few have far more fields than the others: of these nothing is gained.
    """
    has_more = spans.starts < spans.ends
    if not has_more.all():
        rows, spans = rows[has_more], spans[has_more]
    if step >= _FEW_STEPS and 0 < len(rows) < _FEW_PIECES:
        raise OtherFormError
    return rows, spans


def _varints(data: Array, at: Array) -> tuple[Array, Array]:
    """The number at each position, and what is behind it. Raises OtherFormError where one has over four bytes."""
    byte = data[at]
    number = byte.astype(np.int64)
    at = at + 1
    goes_on = byte >= _CONTINUES
    for place in range(1, _MOST_BYTES):
        if not goes_on.any():
            return number, at
        byte = data[at]
        number += np.where(goes_on, (byte.astype(np.int64) - 1) << (_BITS * place), 0)
        at = at + goes_on
        goes_on &= byte >= _CONTINUES
    if goes_on.any():
        raise OtherFormError
    return number, at
