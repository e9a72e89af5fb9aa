"""Binned: float32 by the first 16 of their bits, how often each occurs, with the exact sums of what they stand for.

A number is the least of its bin and what its last 16 bits add to that, in units of the last one. Of 2**18 numbers a
bin has a sum of those bits below 2**34, and one of their squares below 2**50: as float64 both are exact, and so is the
count beside the sum, in units of 2**34. One complex number for each bin holds all three, and one step for each number
adds to it: what the quantiles need in any case tells the sum and that of the squares, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sigcheck.observation.column import Array

# Of more numbers in one bin the sums may be rounded.
_MOST_IN_BIN = 1 << 18
# What may be added before the bins are looked at, if it is less the bins are emptied.
_LEAST_ROOM = 1 << 16
_BINS = 1 << 16
# Numbers that are computed at a time: what is made of them stays in the second cache, and beside it the bins.
_PIECE = 1 << 14
_REST_BITS = 16
_REST = np.uint32((1 << _REST_BITS) - 1)
_ONE = 2.0**34
# Of the bin these are of the mantissa.
_HEAD_BITS = 7
_EXPONENTS = (1 << 8) - 1
# The last bit of the least exponent, in units of 2**-1074.
_LEAST_UNIT = 1074 - 149


@dataclass(frozen=True, eq=False)
class Binned:
    """The bins that occur, in order, how often each does, and the sums as `exact_sums` gives them."""

    bins: Array
    counts: Array
    total: int
    squares: int


class _Space:
    """A table of all bins, each of them zero, and room for what is computed of one piece."""

    def __init__(self) -> None:
        self.table = np.zeros(_BINS, np.complex128)
        bits, values = np.empty(_PIECE, np.uint32), np.empty(_PIECE, np.complex128)
        # Signed numbers are converted in fewer steps.
        self._room: tuple[Array, ...] = (bits, bits.view(np.int32), np.empty(_PIECE, np.intp), np.empty(_PIECE), values)

    def add(self, numbers: Array) -> None:
        """Adds the bits of one piece."""
        bits, signed, places, rests, values = (room[: len(numbers)] for room in self._room)
        np.right_shift(numbers, _REST_BITS, out=bits)
        np.copyto(places, bits)
        np.bitwise_and(numbers, _REST, out=bits)
        np.copyto(rests, signed)
        np.add(rests, _ONE, out=values.real)
        np.multiply(rests, rests, out=values.imag)
        np.add.at(self.table, places, values)

    def take(self, top: int) -> Binned:
        """What was added, none of it in a bin beyond `top`, but for its sign; the table is zero again."""
        bins = np.flatnonzero(self._within(top) != 0)
        bins += (bins > top) * (_BINS // 2 - top - 1)
        found = self.table[bins]
        self.table[bins] = 0
        counts = (found.real / _ONE).astype(np.int64)
        rests = (found.real - counts * _ONE).astype(np.int64)
        return Binned(bins, counts, *_sums(bins, counts, rests, found.imag.astype(np.int64)))

    def room(self, top: int) -> int:
        """How many numbers may be added, whichever they are."""
        return _MOST_IN_BIN - int(self._within(top).max() / _ONE)

    def _within(self, top: int) -> Array:
        """Counts and rests of the bins up to `top`, of both signs."""
        found: Array = self.table.real.reshape(2, -1)[:, : top + 1]
        return found


# Those that nobody uses: each thread takes one, and does not put it back where it is interrupted.
_SPACES: list[_Space] = []


def binned(numbers: Array, top: float) -> Iterator[Binned]:
    """What is told of contiguous finite float32 of one axis, in parts. None is further from zero than `top`."""
    try:
        space = _SPACES.pop()
    except IndexError:
        space = _Space()
    bits, top_bin = numbers.view(np.uint32), int(np.float32(top).view(np.uint32)) >> _REST_BITS
    room = _MOST_IN_BIN
    for at in range(0, len(bits), _PIECE):
        if room < _PIECE:
            room = space.room(top_bin)
            if room < _LEAST_ROOM:
                yield space.take(top_bin)
                room = _MOST_IN_BIN
        space.add(bits[at : at + _PIECE])
        room -= _PIECE
    yield space.take(top_bin)
    _SPACES.append(space)


def _sums(bins: Array, counts: Array, rests: Array, squares: Array) -> tuple[int, int]:
    """The sum of all numbers and that of their squares, from those of the bins."""
    signed = bins >> _HEAD_BITS
    exponents = signed & _EXPONENTS
    # With the first bit, which is not written; numbers of the least exponent have none.
    heads = (bins & (1 << _HEAD_BITS) - 1) | ((exponents > 0) << _HEAD_BITS)
    starts = np.flatnonzero(np.diff(signed, prepend=-1))
    # 128 bins of one exponent with 2**18 numbers in each: all of these sums have below 63 bits.
    counted = heads * counts
    parts = (counted, rests, heads * counted, heads * rests, squares)
    of_exponents = (np.add.reduceat(part, starts).tolist() for part in parts)
    total = total_of_squares = 0
    for sign, *sums in zip(signed[starts].tolist(), *of_exponents, strict=True):
        place = max(sign & _EXPONENTS, 1) - 1
        heads_sum, rests_sum, heads_squares, products, rests_squares = sums
        own = (heads_sum << _REST_BITS) + rests_sum << place
        total += own if sign <= _EXPONENTS else -own
        total_of_squares += (heads_squares << 2 * _REST_BITS) + (
            products << _REST_BITS + 1
        ) + rests_squares << 2 * place
    return total << _LEAST_UNIT, total_of_squares << 2 * _LEAST_UNIT
