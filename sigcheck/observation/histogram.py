"""Histogram: how often values occur, exactly for numbers of one or two bytes, else for what bfloat16 keeps of them.

Sketches such as KLL keep less, but draw lots when they shrink: two passes over one file give other quantiles, and a
file of facts that is committed would change without a reason. Counts of fixed bins are the same in any order and
grouping. A bin is 1/128 of its value wide (bfloat16 has eight significant bits), so that a quantile is off by at
most 0.4 percent of itself. What is beyond the greatest float32 has the bin of that.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sigcheck.observation.column import Array
from sigcheck.observation.counted import occurrences

_TWO_BYTES = 2
_MOST_BINS = 1 << 16
# Fewer numbers are sorted sooner than all bins are looked at.
_FEW = 1 << 14
# The bins of the two zeros of a float, and of what is too small for bfloat16.
_ZEROS = np.array([0, 1 << 15])


class Histogram:
    """Counts of finite numbers of one dtype: of the bins that have any, for a table may have thousands of columns."""

    __slots__ = ("_bins", "_counts")

    def __init__(self) -> None:
        """No number yet."""
        self._bins: Array = np.zeros(0, np.int64)
        self._counts: Array = np.zeros(0, np.int64)

    def add(self, numbers: Array) -> bool:
        """Counts finite numbers of one axis; whether there may be zeros among them."""
        if not len(numbers):
            return False
        return self.take(*_counted(_bins(numbers)))

    def take(self, bins: Array, counts: Array) -> bool:
        """Adds so many of each of these bins, which are in order; whether there may be zeros among them."""
        self._take(bins, counts)
        places = np.searchsorted(bins, _ZEROS)
        return bool((bins[np.minimum(places, len(bins) - 1)] == _ZEROS).any())

    def add_counts(self, numbers: Array, counts: Array) -> None:
        """Counts finite numbers of one axis, each as often as its one of `counts` says."""
        # Sums of counts are far from what a float64 has no room for.
        found = np.bincount(_bins(numbers), weights=counts).astype(np.int64)
        taken = np.flatnonzero(found > 0)
        self._take(taken, found[taken])

    def merge(self, other: Histogram) -> None:
        """Adds the counts of another of the same dtype."""
        self._take(other._bins, other._counts)

    def taken_for(self, before: np.dtype[Any], dtype: np.dtype[Any], *, is_whole: bool) -> Histogram:
        """The counts of numbers of one dtype as those of another that has them, within the error of the wider bins."""
        found = Histogram()
        if is_exact(dtype):
            values = _values(self._bins, before, is_whole=is_whole)
            # The middle of the last bin may be beyond the greatest number that there is.
            limits: Any = np.iinfo(dtype) if dtype.kind in "iu" else np.finfo(dtype)
            values = np.clip(values, float(limits.min), float(limits.max)).astype(dtype)
            found.add_counts(values, self._counts)
        else:
            found._take(self._bins, self._counts)
        return found

    def _take(self, bins: Array, counts: Array) -> None:
        bins = bins.astype(np.int64, copy=False)
        if not len(self._bins):
            self._bins, self._counts = bins, counts.copy()
            return
        places = np.searchsorted(self._bins, bins)
        is_new = np.append(self._bins, -1)[places] != bins
        if is_new.any():
            at = places[is_new]
            self._bins = np.insert(self._bins, at, bins[is_new])
            self._counts = np.insert(self._counts, at, 0)
            places = np.searchsorted(self._bins, bins)
        self._counts[places] += counts

    def quantiles(self, shares: tuple[float, ...], dtype: np.dtype[Any], *, is_whole: bool) -> tuple[float, ...]:
        """The values that these shares of all numbers do not exceed; none where nothing was counted.

        Of whole numbers they are whole, and exact up to 256.
        """
        total = int(self._counts.sum())
        if not total:
            return ()
        values = _values(self._bins, dtype, is_whole=is_whole)
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(self._counts[order])
        ranks = [max(1, int(np.ceil(share * total))) for share in shares]
        return tuple(float(values[order][np.searchsorted(reached, rank)]) for rank in ranks)


def _counted(bins: Array) -> tuple[Array, Array]:
    """The bins that occur, in order, and how often each does."""
    if len(bins) < _FEW:
        few: tuple[Array, Array] = np.unique(bins.astype(np.uint16), return_counts=True)
        return few
    counts = occurrences(bins, _MOST_BINS)
    taken = np.flatnonzero(counts > 0)
    return taken, counts[taken]


def is_exact(dtype: np.dtype[Any]) -> bool:
    """Whether each number of the dtype has a bin of its own."""
    # Of one byte the negative zero has another bin than those of `_ZEROS`.
    return dtype == np.float16 or (dtype.kind in "iub" and dtype.itemsize <= _TWO_BYTES)


def _bins(numbers: Array) -> Array:
    if is_exact(numbers.dtype):
        return numbers.view(f"u{numbers.itemsize}")
    single = numbers if numbers.dtype == np.float32 else _single(numbers)
    # The rest of the mantissa is cut off: the bin reaches from its value to the next one away from zero.
    return np.ascontiguousarray(single).view(np.uint32) >> np.uint32(16)


def _single(numbers: Array) -> Array:
    most = np.finfo(np.float32).max
    if numbers.dtype.kind in "iu":
        # Rounded twice, as beside a bound: none is beyond it.
        return numbers.astype(np.float64).astype(np.float32)
    is_wider = numbers.dtype.itemsize > np.float32().itemsize
    return (np.clip(numbers, -most, most) if is_wider else numbers).astype(np.float32)


def _values(bins: Array, dtype: np.dtype[Any], *, is_whole: bool) -> Array:
    """The number of a bin; of those that share it, the middle one."""
    if is_exact(dtype):
        return bins.astype(f"u{dtype.itemsize}").view(dtype).astype(np.float64)
    low = (bins.astype(np.uint32) << np.uint32(16)).view(np.float32).astype(np.float64)
    middle = low * (1 + 2.0**-8)
    if not is_whole:
        return middle
    # Up to there a bin has one whole number.
    return np.where(np.abs(low) < 1 << 8, low, np.rint(middle))
