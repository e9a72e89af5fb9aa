"""Exact sums: of any numbers and of their squares, in any order and grouping the same to the last bit.

A sum of floats depends on their order, so that two halves of a file would not add up to the whole. Here a sum is
an integer count of the least float there is, and nothing is rounded before it is read. Numbers are cut into parts
of 20 bits at places that a whole block shares (the error-free vector transformation of Rump, Ogita and Oishi,
Accurate Floating-Point Summation, SIAM J. Sci. Comput. 31, 2008): sums of parts, and of products of two parts, are
then exact in float64. The square of a float32 is a float64 itself, so that only the squares of these are cut, in two.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np

from sigcheck.observation.column import Array

# Numbers that are added at a time: their count is what the parts leave room for.
BLOCK = 1 << 13
# Numbers that are cut at a time: with their parts they stay in the second cache, and are enough for what a call costs.
_CUT = 1 << 15
# A part is a multiple of its unit by at most 2**19, so that 2**13 products of two are at most 2**51 units.
_PART_BITS = 20
# float64 has 53 bits, so that three parts hold the greatest numbers of a block whole.
_PARTS = 3
_PAIRS = tuple(itertools.combinations_with_replacement(range(_PARTS), 2))
_SINGLE_BYTES = 4
# Of float32 those are taken together that are multiples of 2**(exponent - 39): 2**13 of them have a sum of 52 bits.
_SINGLE_UNIT = 39
# Those of its 24 bits are, down to 2**(exponent - 16).
_SINGLE_BITS = 24
# Of their squares, multiples of 2**(2 * exponent - 78), what is one of 2**(2 * exponent - 39) is cut off.
_SQUARE_UNIT = 39
# Between these exponents products of parts neither overflow nor lose bits: the unit of the third is 2**(exponent - 59).
_MOST_EXPONENT = 478
# The least float64 above zero is one of these; a product of two, one of the square.
_UNIT_BITS = 1074
# A product with ones is a sum, and faster.
_ONES = np.ones(BLOCK)
# Adding 1.5 * 2**(place + this) to numbers of no more bits leaves multiples of 2**place.
_MANTISSA = 52
# One of so many is looked at sooner by its place than with all others.
_RARE = 1 << 5
# So few numbers are counted one by one as soon as they are cut.
_FEW = 64
_MOST = 2**63 - 1
_HALF = np.uint64(32)
_LOW = np.uint64(2**32 - 1)

# Of a sum that is taken of a row: 1 of numbers or 2 of squares; it counts 2**(this * exponent - unit), so many times.
_Sum = tuple[int, int, int]
_OF_SINGLES: tuple[_Sum, ...] = ((1, _SINGLE_UNIT, 1), (2, _SQUARE_UNIT, 1), (2, 2 * _SINGLE_UNIT, 1))


def _unit(index: int) -> int:
    """The part of this index is of multiples of 2 to the power of the exponent less this."""
    return _PART_BITS * (index + 1) - 1


# What stands beside the squares stands there twice.
_OF_DOUBLES: tuple[_Sum, ...] = (
    *((1, _unit(index), 1) for index in range(_PARTS)),
    *((2, _unit(one) + _unit(other), 1 if one == other else 2) for one, other in _PAIRS),
)


def exact_sums(numbers: Array, top: float) -> tuple[int, int]:
    """The sum of finite floats, in units of 2**-1074, and that of their squares, in units of 2**-2148.

    The numbers have one axis, and none is further from zero than `top`.
    """
    total = squares = 0
    while top:
        exponent = math.frexp(top)[1]
        if len(numbers) <= _FEW or abs(exponent) > _MOST_EXPONENT:
            # Squares of what is so far from one have no float64.
            is_far = np.abs(numbers) >= 2.0**_MOST_EXPONENT if exponent > _MOST_EXPONENT else np.True_
            of_these, of_squares = _one_by_one(numbers[is_far].ravel())
            total, squares = total + of_these, squares + of_squares
            numbers = numbers[~is_far].ravel()
        else:
            whole = len(numbers) // BLOCK * BLOCK
            smaller = []
            pieces = (numbers[:whole].reshape(-1, BLOCK), numbers[whole:].reshape(1, -1))
            for rows in (piece for piece in pieces if piece.size):
                counts, others = _cut_sums(rows, np.full(len(rows), exponent))
                of_rows, of_squares = _in_units([sum(row) for row in counts.tolist()], exponent, _sums_of(rows))
                total, squares = total + of_rows, squares + of_squares
                smaller.append(rows.ravel()[others])
            numbers = np.concatenate(smaller)
        top = float(np.abs(numbers).max(initial=0))
    return total, squares


def exact_sums_of_rows(rows: Array, tops: Array) -> list[tuple[int, int]]:
    """What `exact_sums` gives of each row of finite floats, at most `BLOCK` in each: all rows are cut together.

    No number of a row is further from zero than that of its one in `tops`, of shape [rows].
    """
    exponents = np.frexp(tops)[1].astype(np.int64)
    if (np.abs(exponents) > _MOST_EXPONENT).any():
        return [exact_sums(row, top) for row, top in zip(rows, tops.tolist(), strict=True)]
    counts, others = _cut_sums(rows, exponents)
    of = _sums_of(rows)
    sums = [
        _in_units(column, exponent, of) for column, exponent in zip(counts.T.tolist(), exponents.tolist(), strict=True)
    ]
    smaller, of_rows = rows.ravel()[others], others // max(1, rows.shape[1])
    for row in np.unique(of_rows).tolist():
        numbers = smaller[of_rows == row]
        total, squares = exact_sums(numbers, float(np.abs(numbers).max()))
        sums[row] = sums[row][0] + total, sums[row][1] + squares
    return sums


def whole_sums(numbers: Array) -> tuple[int, int]:
    """The sum of whole numbers of one axis, and that of their squares."""
    total = squares = 0
    for at in range(0, len(numbers), BLOCK):
        block = numbers[at : at + BLOCK]
        small = whole_sums_of_rows(block[None], max(-int(block.min()), int(block.max())))
        if small is not None:
            total, squares = total + small[0][0], squares + small[0][1]
            continue
        wide = block.astype(np.int64 if block.dtype.kind == "i" else np.uint64)
        size = np.abs(wide).view(np.uint64)
        high, low = size >> _HALF, size & _LOW
        if not high.any():
            total += int(wide.sum())
            squares += _split_sum(low * low)
            continue
        signs = np.sign(wide).astype(np.int64)
        total += (int((high.view(np.int64) * signs).sum()) << 32) + int((low.view(np.int64) * signs).sum())
        squares += (_split_sum(high * high) << 64) + (_split_sum(high * low) << 33) + _split_sum(low * low)
    return total, squares


def whole_sums_of_rows(rows: Array, top: int) -> list[tuple[int, int]] | None:
    """What `whole_sums` gives of each row, all rows together; None where a square, or their sum, may have over 63 bits.

    No number is further from zero than `top`.
    """
    if top * top * rows.shape[1] > _MOST:
        return None
    wide = rows.astype(np.int64)
    return list(zip(wide.sum(axis=1).tolist(), np.einsum("ij,ij->i", wide, wide).tolist(), strict=True))


def sum_of(units: int) -> Fraction:
    """A sum of floats, as a number."""
    return Fraction(units, 1 << _UNIT_BITS)


def squares_of(units: int) -> Fraction:
    """A sum of squares of floats, as a number."""
    return Fraction(units, 1 << 2 * _UNIT_BITS)


def _split_sum(numbers: Array) -> int:
    return (int((numbers >> _HALF).sum()) << 32) + int((numbers & _LOW).sum())


def _cut_sums(rows: Array, exponents: Array) -> tuple[Array, Array]:
    """The sums of each row, of at most `BLOCK` numbers, each below 2 to the power of the row's exponent.

    They are counts of units (`_in_units`), whole numbers of shape [sums, rows]. Numbers with bits below all units, all
    of them smaller than others, are left out: the second result has their places in the flat rows.
    """
    return (_cut_singles if _is_single(rows) else _cut_doubles)(rows, exponents)


def _cut_singles(rows: Array, exponents: Array) -> tuple[Array, Array]:
    """`_cut_sums` of float32: the sum of the numbers, and those of the two parts of their squares."""
    count, width = rows.shape
    fine = np.ldexp(1.5, exponents - _SINGLE_UNIT + _MANTISSA)[:, None]
    coarse = np.ldexp(1.5, 2 * exponents - _SQUARE_UNIT + _MANTISSA)[:, None]
    certain = np.ldexp(1.0, 2 * (exponents - _SINGLE_UNIT + _SINGLE_BITS - 1))[:, None]
    sums = np.empty((len(_OF_SINGLES), count))
    step = max(1, _CUT // max(1, width))
    space = np.empty((2, min(step, count), width))
    others = []
    for at in range(0, count, step):
        of = slice(at, at + step)
        own = rows[of]
        numbers, squares = (part[: len(own)] for part in space)
        np.copyto(numbers, own)
        np.multiply(numbers, numbers, out=squares)
        places = _places_of_others(numbers, fine[of], squares < certain[of])
        if len(places):
            numbers.ravel()[places] = squares.ravel()[places] = 0
            others.append(places + at * width)
        sums[0, of] = _sums(numbers)
        high = np.add(squares, coarse[of], out=numbers)
        high -= coarse[of]
        squares -= high
        sums[1, of], sums[2, of] = _sums(high), _sums(squares)
    return _counts(sums, exponents, _OF_SINGLES), np.concatenate(others) if others else np.zeros(0, np.intp)


def _places_of_others(rows: Array, constants: Array, are_small: Array) -> Array:
    """Where in the flat rows small numbers stand that are no multiples of the unit of the row's constant."""
    if np.count_nonzero(are_small) * _RARE > rows.size:
        return np.flatnonzero((rows + constants) - constants != rows)
    places = np.flatnonzero(are_small)
    small, constant = rows.ravel()[places], constants[places // rows.shape[1], 0]
    found: Array = places[(small + constant) - constant != small]
    return found


def _cut_doubles(rows: Array, exponents: Array) -> tuple[Array, Array]:
    """`_cut_sums` of float64: the sums of each part, then those of the products of each pair of parts."""
    count, width = rows.shape
    constants = [np.ldexp(1.5, exponents - _unit(index) + _MANTISSA)[:, None] for index in range(_PARTS)]
    sums = np.empty((_PARTS + len(_PAIRS), count))
    step = max(1, _CUT // max(1, width))
    space = np.empty((_PARTS + 1, min(step, count), width))
    others = []
    for at in range(0, count, step):
        of = slice(at, at + step)
        own = rows[of]
        spare, *cut = (part[: len(own)] for part in space)
        # What is left of the numbers once the parts before are taken off is the last part.
        left = cut[-1]
        np.copyto(left, own)
        for constant, part in zip(constants, cut[:-1], strict=False):
            np.add(left, constant[of], out=part)
            np.subtract(part, constant[of], out=part)
            left -= part
        np.add(left, constants[-1][of], out=spare)
        spare -= constants[-1][of]
        is_other = spare != left
        if is_other.any():
            places = np.flatnonzero(is_other)
            others.append(places + at * width)
            for part in cut:
                part.ravel()[places] = 0
        for found, part in zip(sums, cut, strict=False):
            found[of] = _sums(part)
        for found, (one, other) in zip(sums[_PARTS:], _PAIRS, strict=True):
            found[of] = (cut[one][:, None] @ cut[other][:, :, None])[:, 0, 0]
    return _counts(sums, exponents, _OF_DOUBLES), np.concatenate(others) if others else np.zeros(0, np.intp)


def _sums(rows: Array) -> Array:
    """The sum of each row, of at most `BLOCK` numbers: one at a time, for which the library starts no threads."""
    found: Array = (rows[:, None] @ _ONES[: rows.shape[1], None])[:, 0, 0]
    return found


def _counts(sums: Array, exponents: Array, of: tuple[_Sum, ...]) -> Array:
    """The same sums, of shape [sums, rows], as counts of their units."""
    units = np.array([unit - power * exponents for power, unit, _ in of])
    found: Array = np.ldexp(sums, units).astype(np.int64)
    return found


def _in_units(counts: list[int], exponent: int, of: tuple[_Sum, ...]) -> tuple[int, int]:
    """What `exact_sums` gives, of the sums of a row or of several rows of one exponent."""
    found = [0, 0]
    for count, (power, unit, times) in zip(counts, of, strict=True):
        found[power - 1] += times * count << power * (exponent + _UNIT_BITS) - unit
    return found[0], found[1]


def _is_single(rows: Array) -> bool:
    return rows.dtype.itemsize <= _SINGLE_BYTES


def _sums_of(rows: Array) -> tuple[_Sum, ...]:
    return _OF_SINGLES if _is_single(rows) else _OF_DOUBLES


def _one_by_one(numbers: Array) -> tuple[int, int]:
    """What `exact_sums` gives, of each number for itself."""
    ratios = [number.as_integer_ratio() for number in numbers.tolist()]
    # All of them are powers of two.
    least = max((below for _, below in ratios), default=1)
    counts = [above * (least // below) for above, below in ratios]
    places = _UNIT_BITS + 1 - least.bit_length()
    return sum(counts) << places, sum(count * count for count in counts) << 2 * places
