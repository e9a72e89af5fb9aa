"""Bounds: between which numbers an expression lies, whatever the sizes of inputs are.

A division is bounded by the line above and the line below it, so that what a division leaves is
known to be small: n - 2*(n // 2) lies in 0 to 1. An end of None is not known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from sigcheck.sizes.expression import Atom, Expression, Operation, Product, TooLargeError, Variable

Bounds: TypeAlias = tuple[int | None, int | None]
Least: TypeAlias = Mapping[Variable, int]

# Terms that are lines in variables, with coefficients that a division by a number makes of them.
_Line: TypeAlias = dict[Product, Fraction]

# An input without elements is no input that anybody means, and kernels differ in what they make of it.
LEAST_SIZE = 1
# Bounds that are kept: those of some models.
_MOST_KEPT = 5_000

# Each doubles what is looked at.
_MOST_CHOICES = 3


def bounds(expression: Expression, least: Least | None = None) -> Bounds:
    """The least and the greatest value; `least` has the least size of variables that are known to be larger.

    >>> from sigcheck.sizes.expression import variable
    >>> n = variable("n")
    >>> bounds(n % 4), bounds(n - 3), bounds(3 - n // 2)
    ((0, 3), (-2, None), (None, 3))
    """
    known = () if not least else tuple((one, least[one]) for one in expression.variables if one in least)
    return _bounds(expression, known)


@lru_cache(maxsize=_MOST_KEPT)
def _bounds(expression: Expression, known: tuple[tuple[Variable, int], ...]) -> Bounds:
    """The same sizes are asked of again and again, each time with all that is within them."""
    least = dict(known)
    low = _low(expression, least)
    high = _low(-expression, least)
    return low, None if high is None else -high


def is_at_least(expression: Expression, other: Expression | int, least: Least | None = None) -> bool | None:
    """Whether it is never less than the other; False where it always is, None where that is not decided."""
    low, high = bounds(expression - other, least)
    if low is not None and low >= 0:
        return True
    return False if high is not None and high < 0 else None


def is_equal(expression: Expression, other: Expression | int, least: Least | None = None) -> bool | None:
    """Whether it always equals the other; False where it never does, None where that is not decided."""
    difference = expression - other
    if difference.number is not None:
        return difference.number == 0
    low, high = bounds(difference, least)
    return False if (low is not None and low > 0) or (high is not None and high < 0) else None


def _low(expression: Expression, least: Least, choices: int = _MOST_CHOICES) -> int | None:
    """The better of two: that of the whole as a line, and that of its terms, each of which is a whole number.

    Of a choice of two the greater or the less of theirs, which knows what both have in common.
    """
    if choices:
        try:
            sides = expression.branches()
        except TooLargeError:
            sides = None
        if sides is not None:
            lows = [_low(side, least, choices - 1) for side in sides[:2]]
            told = [low for low in lows if low is not None]
            return max(told, default=None) if sides[2] else min(told) if len(told) == len(lows) else None
    found = [low for low in (_low_of_line(expression, least), _low_of_terms(expression, least)) if low is not None]
    return max(found, default=None)


def _low_of_terms(expression: Expression, least: Least) -> int | None:
    total = 0
    for product, number in expression.terms:
        end = _product_end(product, least, is_low=number > 0) if product else 1
        if end is None:
            return None
        total += number * end
    return total


def _low_of_line(expression: Expression, least: Least) -> int | None:
    line: _Line = {}
    for product, number in expression.terms:
        if not _add(line, product, Fraction(number), least):
            return None
    total = Fraction(0)
    for product, count in line.items():
        if not product:
            total += count
            continue
        if not count:
            continue
        end = _product_end(product, least, is_low=count > 0)
        if end is None:
            return None
        total += count * end
    return math.ceil(total)


def _add(line: _Line, product: Product, number: Fraction, least: Least) -> bool:
    """Adds the least of a term to the line. False where it has none."""
    division = product[0][0] if len(product) == 1 and product[0][1] == 1 else None
    if isinstance(division, Operation) and division.kind == "floordiv" and division.right.number is not None:
        divisor = division.right.number
        for inner, count in division.left.terms:
            if not _add(line, inner, number * count / divisor, least):
                return False
        if number > 0:
            line[()] = line.get((), Fraction(0)) - number * (divisor - 1) / divisor
        return True
    line[product] = line.get(product, Fraction(0)) + number
    return True


def _product_end(product: Product, least: Least, *, is_low: bool) -> int | None:
    """One end of a product of what is never negative; None where it has none, or a factor may be negative."""
    total = 1
    for atom, power in product:
        low, high = _atom_bounds(atom, least)
        if low is None or low < 0:
            return None if len(product) > 1 or power > 1 else low if is_low else high
        end = low if is_low else high
        if end is None:
            return None
        total *= end**power
    return total


def _atom_bounds(atom: Atom, least: Least) -> Bounds:
    if isinstance(atom, Variable) and not atom.is_size:
        return None, None
    if isinstance(atom, Variable):
        return least.get(atom, LEAST_SIZE if atom.is_known else 0), None
    if atom.kind == "max":
        low, high = bounds(atom.right, least)
        return max(0, low or 0), None if high is None else max(0, high)
    low, high = bounds(atom.left, least)
    divisor = atom.right.number
    if divisor is not None:
        return None if low is None else low // divisor, None if high is None else high // divisor
    # A division by what is not known: of what is not negative no more than that is left.
    return (0, high) if low is not None and low >= 0 else (None, None)
