"""Spans: pieces of bytes that are read together by NumPy, and the numbers of varying length that say where they end."""

from __future__ import annotations

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

    def together(self) -> Array:
        """The bytes of all, one piece behind the other and PADDING behind the last, of shape [all of these]."""
        lengths = self.lengths
        width = int(lengths.max()) if len(lengths) else 0
        if width and (lengths == width).all():
            pieces = self.of_width(width, "V").view(np.uint8)
        elif 0 < width <= len(PADDING):
            pieces = self.of_width(width, "V").view(np.uint8).reshape(-1, width)
            pieces = pieces[np.arange(width) < lengths[:, None]]
        else:
            return np.frombuffer(b"".join((*self.pieces(), PADDING)), np.uint8)
        return np.append(pieces, np.frombuffer(PADDING, np.uint8))

    def are(self, text: bytes) -> Array:
        """Of each whether these are its bytes."""
        found: Array = self.lengths == len(text)
        if text:
            found[found] = self[found].of_width(len(text), "S") == np.frombuffer(text, f"S{len(text)}")
        return found

    def begin_with(self, text: bytes) -> bool:
        """Whether all begin with these bytes, at least one."""
        if int(self.lengths.min()) < len(text):
            return False
        for at in range(0, len(text), _WORD):
            part = text[at : at + _WORD]
            mask, wanted = (int.from_bytes(one, "little") for one in (b"\xff" * len(part), part))
            if ((self.of_width(_WORD, "<u", at) & np.uint64(mask)) != np.uint64(wanted)).any():
                return False
        return True

    def of_width(self, width: int, kind: str, offset: int = 0) -> Array:
        """So many bytes of each piece from `offset` on, as items of this kind of dtype: one copy of each.

        What stands behind a piece, and PADDING, may be among them.
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

    Raises OtherFormError as `first_field` does, and where few pieces have far more fields than the others: of these
    nothing is gained.
    """
    rows = np.arange(len(spans))
    step = 0
    while True:
        has_more = spans.starts < spans.ends
        if not has_more.all():
            rows, spans = rows[has_more], spans[has_more]
        if not len(rows):
            return
        if step >= _FEW_STEPS and len(rows) < _FEW_PIECES:
            raise OtherFormError
        found = first_field(spans, tag)
        yield rows, found
        spans = Spans(spans.content, found.ends, spans.ends)
        step += 1


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
