"""Numbers: what is kept of the numbers of a tensor, or of one channel of it."""

from __future__ import annotations

import math
from copy import copy
from fractions import Fraction
from typing import Any

import numpy as np

from sigcheck.observation.binned import binned
from sigcheck.observation.column import Array
from sigcheck.observation.counted import Counted
from sigcheck.observation.exact_sum import (
    BLOCK,
    exact_sums,
    exact_sums_of_rows,
    squares_of,
    sum_of,
    whole_sums,
    whole_sums_of_rows,
)
from sigcheck.observation.histogram import Histogram
from sigcheck.schema.observation import SHARES, NumbersObserved

# More than the 53 of a float, so that it alone rounds.
_ROOT_BITS = 64
# Numbers that are not whole show it among the first.
_FIRST = 8
# Sums of fewer float32 are found sooner than all bins are looked at.
_MANY = 1 << 14


class Numbers:
    """Count, ends, sums and bins of numbers of one dtype; NaN and infinities are counted apart."""

    __slots__ = (
        "bins",
        "count",
        "dtype",
        "greatest",
        "infinite",
        "is_whole",
        "least",
        "nan",
        "squares",
        "total",
        "zeros",
    )

    def __init__(self, dtype: np.dtype[Any], *, has_bins: bool = True) -> None:
        """No number yet. Without bins no quantiles are kept."""
        self.dtype = dtype
        self.bins = Histogram() if has_bins else None
        self.count = self.nan = self.infinite = self.zeros = 0
        self.total = self.squares = 0
        self.least, self.greatest = math.inf, -math.inf
        self.is_whole = True

    def add(self, numbers: Array) -> None:
        """Adds numbers of one axis, best a million at a time."""
        if not len(numbers):
            return
        self.count += len(numbers)
        if self.dtype.kind in "iub":
            self._add_whole(numbers.view(np.uint8) if numbers.dtype.kind == "b" else numbers)
        else:
            self._add_floats(numbers)

    def merge(self, other: Numbers) -> None:
        """Adds what another of the same dtype has seen."""
        self.count += other.count
        self.nan += other.nan
        self.infinite += other.infinite
        self.zeros += other.zeros
        self.total += other.total
        self.squares += other.squares
        self.least, self.greatest = min(self.least, other.least), max(self.greatest, other.greatest)
        self.is_whole = self.is_whole and other.is_whole
        if self.bins is not None and other.bins is not None:
            self.bins.merge(other.bins)

    def count_bins(self, numbers: Array, counts: Array | None = None) -> None:
        """Adds to the bins alone numbers of one axis that were merged from parts without bins.

        Each is there once, or as often as its one of `counts` says.
        """
        if self.bins is None:
            return
        if counts is not None:
            self.bins.add_counts(numbers, counts)
            return
        is_finite = self.finite == self.count
        self.bins.add(numbers if is_finite else numbers[np.isfinite(numbers)])

    def fit(self, dtype: np.dtype[np.generic]) -> bool:
        """Whether a dtype of the same kind, whole numbers or floats, has all of these: in it floats may be rounded."""
        limits: Any = np.iinfo(dtype) if dtype.kind in "iu" else np.finfo(dtype)
        return not self.finite or bool(limits.min <= self.least and self.greatest <= limits.max)

    def taken_for(self, dtype: np.dtype[np.generic]) -> Numbers:
        """The same numbers in a dtype that they fit."""
        found = copy(self)
        found.dtype = dtype
        found.bins = None if self.bins is None else self.bins.taken_for(self.dtype, dtype, is_whole=self.is_whole)
        return found

    def observed(self, distinct: int | None = None) -> NumbersObserved:
        """What was seen; `distinct` is how many different numbers there were, where somebody counted them."""
        quantiles = self.bins.quantiles(SHARES, self.dtype, is_whole=self.is_whole) if self.bins is not None else ()
        within = tuple(min(max(value, self.least), self.greatest) for value in quantiles)
        return NumbersObserved(
            count=self.count,
            nan=self.nan,
            infinite=self.infinite,
            zeros=self.zeros,
            least=_plain(self.least) if self.finite else None,
            greatest=_plain(self.greatest) if self.finite else None,
            mean=self.mean,
            std=self.std,
            is_whole=self.is_whole and self.finite > 0,
            quantiles=tuple(zip(SHARES, within, strict=False)),
            distinct=distinct,
        )

    @property
    def finite(self) -> int:
        """How many numbers are neither NaN nor infinite."""
        return self.count - self.nan - self.infinite

    @property
    def mean(self) -> float | None:
        """The mean of the finite numbers, rounded once."""
        return float(self._sum() / self.finite) if self.finite else None

    @property
    def std(self) -> float | None:
        """The standard deviation of the population, as NumPy's default."""
        if not self.finite:
            return None
        variance = self._squares() / self.finite - (self._sum() / self.finite) ** 2
        return _root(variance)

    def _sum(self) -> Fraction:
        return Fraction(self.total) if self.dtype.kind in "iub" else sum_of(self.total)

    def _squares(self) -> Fraction:
        return Fraction(self.squares) if self.dtype.kind in "iub" else squares_of(self.squares)

    def _add_whole(self, numbers: Array) -> None:
        self.zeros += len(numbers) - int(np.count_nonzero(numbers))
        self.least, self.greatest = min(self.least, int(numbers.min())), max(self.greatest, int(numbers.max()))
        total, squares = whole_sums(numbers)
        self.total += total
        self.squares += squares
        if self.bins is not None:
            self.bins.add(numbers)

    def _add_floats(self, numbers: Array) -> None:
        single = _computed(numbers)
        least, greatest = _ends(single)
        if not math.isfinite(float(least) + float(greatest)):
            is_finite = self._finite_of(single)
            is_narrow = single is not numbers
            numbers = numbers[is_finite]
            single = single[is_finite] if is_narrow else numbers
            if not len(numbers):
                return
            least, greatest = _ends(single)
        low, high = float(least), float(greatest)
        self.least, self.greatest = min(self.least, low), max(self.greatest, high)
        if self.is_whole:
            self.is_whole = bool(_are_whole(single[None])[0])
        top = max(high, -low)
        if self.bins is not None and numbers.dtype == np.float32 and len(numbers) >= _MANY:
            may_be_zero = self._add_binned(self.bins, numbers, top)
        else:
            total, squares = exact_sums(single, top)
            self.total += total
            self.squares += squares
            may_be_zero = self.bins is None or self.bins.add(numbers)
        if may_be_zero:
            self.zeros += int(np.count_nonzero(single == 0))

    def _add_binned(self, bins: Histogram, numbers: Array, top: float) -> bool:
        """Adds the sums and bins of finite float32; whether there may be zeros among them."""
        may_be_zero = False
        for part in binned(numbers, top):
            self.total += part.total
            self.squares += part.squares
            may_be_zero = bins.take(part.bins, part.counts) or may_be_zero
        return may_be_zero

    def _finite_of(self, numbers: Array) -> Array:
        """Of each number whether it is finite; the others are counted."""
        found: Array = np.isfinite(numbers)
        nan = int(np.count_nonzero(np.isnan(numbers)))
        self.nan += nan
        self.infinite += len(numbers) - int(np.count_nonzero(found)) - nan
        return found


def numbers_of_rows(rows: Array) -> list[Numbers]:
    """The numbers of each row, of shape [rows, numbers] with at least one number, without bins.

    A call for each row costs more than its numbers: where all are finite they are counted together.
    """
    if rows.dtype.kind == "b":
        rows = rows.view(np.uint8)
    found = [Numbers(rows.dtype, has_bins=False) for _ in rows]
    rows = _computed(rows)
    least, greatest = _ends(rows)
    sums = _sums_of_rows(rows, least, greatest)
    if sums is None:
        for one, row in zip(found, rows, strict=True):
            one.add(row)
        return found
    count = rows.shape[1]
    ends = zip(least.tolist(), greatest.tolist(), np.count_nonzero(rows == 0, axis=1).tolist(), strict=True)
    are_whole = _are_whole(rows).tolist()
    for one, (low, high, zeros), is_whole, (total, squares) in zip(found, ends, are_whole, sums, strict=True):
        one.count, one.zeros, one.is_whole = count, zeros, is_whole
        one.least, one.greatest, one.total, one.squares = low, high, total, squares
    return found


def numbers_of_counts(counted: Counted) -> list[Numbers]:
    """The numbers of each channel, without bins."""
    found = [Numbers(counted.dtype, has_bins=False) for _ in counted.counts]
    counts = counted.counts.sum(axis=1).tolist()
    for one, count, ends, zeros, sums in zip(found, counts, counted.ends, counted.zeros, counted.sums, strict=True):
        one.count, one.zeros = count, zeros
        one.least, one.greatest = ends
        one.total, one.squares = sums
    return found


def _computed(numbers: Array) -> Array:
    """The same numbers in a dtype that the processor computes in."""
    is_narrow = numbers.dtype.kind not in "iu" and numbers.dtype.itemsize < np.float32().itemsize
    return numbers.astype(np.float32) if is_narrow else numbers


def _ends(numbers: Array) -> tuple[Any, Any]:
    """The least and the greatest along the last axis; of bfloat16 NumPy warns of a NaN that it gives."""
    with np.errstate(invalid="ignore"):
        return numbers.min(axis=-1), numbers.max(axis=-1)


def _sums_of_rows(rows: Array, least: Array, greatest: Array) -> list[tuple[int, int]] | None:
    """The exact sums of each row and of its squares; None where some number is not finite, or too large for it."""
    if rows.dtype.kind in "iu":
        return whole_sums_of_rows(rows, max(-int(least.min()), int(greatest.max())))
    if not (np.isfinite(least).all() and np.isfinite(greatest).all()):
        return None
    total = squares = np.zeros(len(rows), object)
    for at in range(0, rows.shape[1], BLOCK):
        block = rows[:, at : at + BLOCK]
        tops = np.maximum(block.max(axis=1), -block.min(axis=1)).astype(np.float64)
        of_block = np.array(exact_sums_of_rows(block, tops), object)
        total, squares = total + of_block[:, 0], squares + of_block[:, 1]
    return list(zip(total.tolist(), squares.tolist(), strict=True))


def _are_whole(rows: Array) -> Array:
    """Of each row whether all its numbers are whole: the first ones mostly tell."""
    found = np.ones(len(rows), np.bool_)
    if rows.dtype.kind in "iu":
        return found
    for part in (rows[:, :_FIRST], rows):
        if found.any():
            found[found] = (np.rint(part[found]) == part[found]).all(axis=1)
    return found


def _plain(number: float) -> float:
    """The number as a float, unless that has not all of its digits."""
    return float(number) if float(number) == number else number


def _root(number: Fraction) -> float:
    """The square root of a number that may be too large or small for a float, rounded as one."""
    above, below = number.numerator, number.denominator
    bits = max(0, _ROOT_BITS + (below.bit_length() - above.bit_length()) // 2)
    return float(Fraction(math.isqrt((above << 2 * bits) // below), 1 << bits))
