"""Exact sums: of any numbers and of their squares, in any order and grouping the same to the last bit.

A sum of floats depends on their order, so that two halves of a file would not add up to the whole. Here a sum is
an integer count of the least float there is, and nothing is rounded before it is read. Numbers are cut into parts
of 20 bits at places that a whole block shares (the error-free vector transformation of Rump, Ogita and Oishi,
Accurate Floating-Point Summation, SIAM J. Sci. Comput. 31, 2008): sums of parts, and of products of two parts, are
then exact in float64.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np

from sigcheck.observation.column import Array

# Numbers that are added at a time: they stay in the second cache, and their count is what the parts leave room for.
BLOCK = 1 << 13
# A part is a multiple of its unit by at most 2**19, so that 2**13 products of two are at most 2**51 units.
_PART_BITS = 20
# float64 has 53 bits, so that three parts hold the greatest numbers of a block whole; of float32 and less, two.
_PARTS, _PARTS_OF_SINGLE = 3, 2
_SINGLE_BYTES = 4
# Between these exponents products of parts neither overflow nor lose bits: the unit of the third is 2**(exponent - 59).
_MOST_EXPONENT = 478
# The least float64 above zero is one of these; a product of two, one of the square.
_UNIT_BITS = 1074
# A product with ones is a sum, and faster.
_ONES = np.ones(BLOCK)
# Adding 1.5 * 2**(place + this) to numbers below 2**place leaves multiples of 2**(place - 19).
_ROUNDING = 52 - _PART_BITS + 1
# So few numbers are counted one by one as soon as they are cut.
_FEW = 16
_MOST = 2**63 - 1
_HALF = np.uint64(32)
_LOW = np.uint64(2**32 - 1)


def exact_sums(numbers: Array, top: float) -> tuple[int, int]:
    """The sum of finite floats, in units of 2**-1074, and that of their squares, in units of 2**-2148.

    The numbers have one axis, are at most `BLOCK`, and none is further from zero than `top`.
    """
    parts = _PARTS_OF_SINGLE if numbers.dtype.itemsize <= _SINGLE_BYTES else _PARTS
    total = squares = 0
    left = numbers.astype(np.float64)
    while top:
        if len(left) <= _FEW:
            units = [_units(number, _UNIT_BITS) for number in left.tolist()]
            return total + sum(units), squares + sum(number * number for number in units)
        of_block, of_squares, left = _added(left, parts, top)
        total += of_block
        squares += of_squares
        top = max(float(left.max()), -float(left.min())) if len(left) else 0.0
    return total, squares


def exact_sums_of_rows(rows: Array, tops: Array) -> list[tuple[int, int]]:
    """What `exact_sums` gives of each row of finite floats, at most `BLOCK` in each: all rows are cut together.

    No number of a row is further from zero than that of its one in `tops`, of shape [rows].
    """
    exponents = np.frexp(tops)[1].astype(np.int64)
    if (np.abs(exponents) > _MOST_EXPONENT).any():
        return [exact_sums(row, top) for row, top in zip(rows, tops.tolist(), strict=True)]
    parts = _PARTS_OF_SINGLE if rows.dtype.itemsize <= _SINGLE_BYTES else _PARTS
    constants = [np.ldexp(1.5, exponents - _PART_BITS * index + _ROUNDING)[:, None] for index in range(parts)]
    pairs = list(itertools.combinations_with_replacement(range(parts), 2))
    # Each is exact, so that the sums of slices are, too.
    totals, products = np.zeros((parts, len(rows))), np.zeros((len(pairs), len(rows)))
    smaller: dict[int, list[float]] = {}
    for at in range(0, rows.shape[1], step := max(1, BLOCK // len(rows))):
        rest, cut = rows[:, at : at + step].astype(np.float64), []
        for constant in constants:
            part = rest + constant
            part -= constant
            rest -= part
            cut.append(part)
        others = np.flatnonzero(rest != 0)
        if len(others):
            of_rows, of_columns = np.divmod(others, rest.shape[1])
            for row, number in zip(of_rows.tolist(), rows[of_rows, at + of_columns].tolist(), strict=True):
                smaller.setdefault(row, []).append(number)
            for part in cut:
                part[of_rows, of_columns] = 0
        for index, part in enumerate(cut):
            totals[index] += part @ _ONES[: part.shape[1]]
        for index, (one, other) in enumerate(pairs):
            products[index] += np.einsum("ij,ij->i", cut[one], cut[other])
    # What stands beside the squares stands there twice.
    products *= np.array([[1 if one == other else 2] for one, other in pairs])
    found = []
    for row, (of_row, of_pairs) in enumerate(zip(totals.T.tolist(), products.T.tolist(), strict=True)):
        left = np.array(smaller.get(row, []), rows.dtype)
        total, squares = exact_sums(left, float(np.abs(left).max(initial=0)))
        total += sum(_units(number, _UNIT_BITS) for number in of_row)
        squares += sum(_units(number, 2 * _UNIT_BITS) for number in of_pairs)
        found.append((total, squares))
    return found


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


def _added(numbers: Array, parts: int, top: float) -> tuple[int, int, Array]:
    """The sums of the numbers whose bits all lie within the parts, and the other numbers, all of them smaller."""
    exponent = math.frexp(top)[1]
    if abs(exponent) > _MOST_EXPONENT:
        return _one_by_one(numbers, exponent)
    rest, cut = numbers, []
    for index in range(parts):
        constant = math.ldexp(1.5, exponent - _PART_BITS * index + _ROUNDING)
        part = rest + constant
        part -= constant
        rest = np.subtract(rest, part, out=rest if index else None)
        cut.append(part)
    smaller = numbers[:0]
    if rest.any():
        others = np.flatnonzero(rest != 0)
        smaller = numbers[others]
        for part in cut:
            part[others] = 0
    ones = _ONES[: len(numbers)]
    total = sum(_units(float(part @ ones), _UNIT_BITS) for part in cut)
    squares = 0
    for index, part in enumerate(cut):
        squares += _units(float(part @ part), 2 * _UNIT_BITS)
        squares += sum(2 * _units(float(part @ other), 2 * _UNIT_BITS) for other in cut[index + 1 :])
    return total, squares, smaller


def _one_by_one(numbers: Array, exponent: int) -> tuple[int, int, Array]:
    """The same of numbers that are so large or small that their squares have no float64."""
    is_far = np.abs(numbers) >= 2.0**_MOST_EXPONENT if exponent > 0 else np.ones(len(numbers), np.bool_)
    units = [_units(number, _UNIT_BITS) for number in numbers[is_far].tolist()]
    return sum(units), sum(number * number for number in units), numbers[~is_far]


def _units(number: float, bits: int) -> int:
    numerator, denominator = number.as_integer_ratio()
    return numerator * ((1 << bits) // denominator)
