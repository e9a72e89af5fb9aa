"""Counted: whole numbers that lie close together, as how often each occurs: all else is known of them then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigcheck.observation.column import Array

# Counts of more are looked up in slower memory than the numbers come from.
_MOST_COUNTS = 1 << 16
_PIECE = 1 << 8


@dataclass(frozen=True, eq=False)
class Counted:
    """How often each number of each channel occurs, from `least` on: `counts` of shape [channels, numbers]."""

    counts: Array
    least: int
    dtype: np.dtype[np.generic]

    @property
    def values(self) -> Array:
        """The numbers that are counted, in order."""
        # Whatever wraps around on the way there does so on the way back.
        above = np.arange(self.counts.shape[1]).astype(self.dtype)
        return above + np.array(self.least).astype(self.dtype)

    @property
    def of_all(self) -> Array:
        """How often each number occurs in all channels."""
        found: Array = self.counts.sum(axis=0)
        return found

    @property
    def ends(self) -> list[tuple[int, int]]:
        """The least and the greatest of each channel."""
        occurs = self.counts > 0
        low, high = occurs.argmax(axis=1), occurs.shape[1] - 1 - occurs[:, ::-1].argmax(axis=1)
        return [
            (self.least + first, self.least + last) for first, last in zip(low.tolist(), high.tolist(), strict=True)
        ]

    @property
    def zeros(self) -> list[int]:
        """How many of each channel are zero."""
        found: list[int] = self.counts[:, self.values == 0].sum(axis=1).tolist()
        return found

    @property
    def sums(self) -> list[tuple[int, int]]:
        """The sum of each channel, and that of its squares."""
        # Above the least they are small, so that no sum of them has over 63 bits.
        above = np.arange(self.counts.shape[1])
        columns = (self.counts.sum(axis=1), self.counts @ above, self.counts @ above**2)
        least = self.least
        return [
            (total + count * least, squares + 2 * least * total + count * least**2)
            for count, total, squares in zip(*(column.tolist() for column in columns), strict=True)
        ]


def counted(flat: Array, channels: int) -> Counted | None:
    """Whole numbers of one axis, at least one: rows of so many channels. None where other ways are faster."""
    least, greatest = int(flat.min()), int(flat.max())
    span = greatest - least + 1
    if span * channels > min(len(flat), _MOST_COUNTS):
        return None
    places = flat.astype(np.int64)
    if least:
        # Whatever wraps around on the way to them, these are small.
        places -= np.array(least).astype(flat.dtype).astype(np.int64)
    if channels > 1:
        # Long pieces are copied sooner than short ones.
        piece = np.tile(np.arange(channels) * span, _PIECE)
        places += np.resize(piece, len(flat))
    counts = occurrences(places, channels * span).reshape(channels, span)
    return Counted(counts, least, flat.dtype)


def occurrences(places: Array, count: int) -> Array:
    """How often each of so many places occurs, of shape [count], as `numpy.bincount` tells it in a third more time."""
    found = np.zeros(count, np.intp)
    np.add.at(found, places.astype(np.intp, copy=False), 1)
    return found
