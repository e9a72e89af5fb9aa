"""Checksums: CRC-32C as records have it, of many pieces of bytes at once (google-crc32c computes them)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sigcheck.observation.column import Array
from sigcheck.observation.spans import Spans
from sigcheck.schema.errors import SourceError

# A checksum is written turned by 15 bits, with this added: those of bytes that hold checksums are weak else
# (https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/lib/hash/crc32c.h).
_MASK_DELTA = np.uint32(0xA282EAD8)
_TURNED, _LEFT = np.uint32(15), np.uint32(17)
_BYTES = 4
# The checksum of any bytes that their own checksum follows.
_RESIDUE = 0x48674BC7


class Checksums(NamedTuple):
    """What google-crc32c has: the checksum of some bytes, and of some that follow others of which it is known."""

    value: Callable[[bytes], int]
    extend: Callable[[int, Array], int]

    def of(self, spans: Spans) -> Array:
        """The checksum of each piece, as it is written."""
        found = np.fromiter(map(self.value, spans.pieces()), np.uint32, len(spans))
        turned: Array = ((found >> _TURNED) | (found << _LEFT)) + _MASK_DELTA
        return turned

    def first_wrong(self, spans: Spans) -> int:
        """The number of the first piece that has another checksum than the one behind it; how many there are if none.

        Behind each piece of `spans` are four bytes more of its content, beside its padding.
        """
        said = np.ndarray((len(spans.content) - _BYTES + 1,), "<u4", spans.content, strides=(1,))[spans.ends]
        wrong = np.flatnonzero(said != self.of(spans))
        return int(wrong[0]) if len(wrong) else len(spans)

    def all_right(self, content: bytes, starts: Array, ends: Array, end: int) -> bool:
        """Whether each piece, from one of `starts` to its one of `ends`, is followed by its own checksum.

        The pieces with their checksums follow each other, up to `end`. One that is wrong is always noticed; several
        that are wrong in a block are missed as often as one by its own checksum, once in 2**32.

        A call for each piece takes longer than its bytes do. What is left of a piece and its checksum is the same
        number whatever is in it. With its difference from the number that a checksum begins with laid over the four
        bytes behind it, the next piece begins anew: one call is enough for all.
        """
        first = int(starts[0])
        laid = np.frombuffer(content, np.uint8, end - first, first).copy()
        words = np.ndarray((len(laid) - _BYTES + 1,), "<u4", laid, strides=(1,))
        written = words[ends - first] - _MASK_DELTA
        words[ends - first] = (written << _TURNED) | (written >> _LEFT)
        words[starts - first] ^= np.uint32(_RESIDUE)
        return self.extend(_RESIDUE, laid) == _RESIDUE


def checksums(place: str) -> Checksums:
    """Those of google-crc32c. Raises SourceError at `place` where it is not installed."""
    try:
        from google_crc32c import extend, value
    except ImportError:
        raise SourceError(place, "records, which need an extra to be read: pip install 'sigcheck[observe]'.") from None
    return Checksums(value, extend)
