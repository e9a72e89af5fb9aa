"""Reals: the elements of a tensor of floating point that follow from sizes, as far as a float holds them exactly.

Pictures are resized to `tf.cast(tf.cast(size, tf.float32) * 0.5, tf.int32)`. A half, three quarters and one and a
half of a size are floats themselves; a third is not, and the optimizer of TensorFlow makes of a division by 3 a
product with what is nearly 1/3: whether that lies below a whole number nobody can say. So only powers of 2 divide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple, TypeAlias

from sigcheck.sizes.tensor import Size, add, divide, largest, lifted, multiply, smallest, subtract

# A float32 holds whole numbers up to 2**24: so many times a size of two million.
_MOST_FACTOR = 7
_MOST_DIVISOR = 1_024
_MOST_NUMBER = 2**20

# Types of floats in which these are exact.
EXACT = frozenset({"float32", "float64"})


class Reals(NamedTuple):
    """Each element is one of `over`, divided by `under`, which is a power of 2."""

    over: tuple[Size, ...]
    under: int = 1

    def changed(self, change: Callable[[Size], Size]) -> Reals:
        """The same with something else in the place of each size."""
        return self._replace(over=tuple(map(change, self.over)))


class InexactError(ValueError):
    """A number that a float need not hold."""


def told(values: Sequence[float]) -> Reals | None:
    """Numbers of a file; None where one is no small part of a whole number."""
    try:
        found = [Fraction(value) for value in values]
        return (
            _kept(Reals(tuple(one.numerator * _MOST_DIVISOR // one.denominator for one in found), _MOST_DIVISOR))
            if all(one.denominator <= _MOST_DIVISOR and abs(one) < _MOST_NUMBER for one in found)
            else None
        )
    except (ValueError, OverflowError):
        # NaN, or infinity.
        return None


def floor(reals: Reals) -> tuple[Size, ...]:
    """Each number rounded down."""
    return tuple(divide(one, reals.under) for one in reals.over)


def ceiling(reals: Reals) -> tuple[Size, ...]:
    """Each number rounded up."""
    return tuple(divide(add(one, reals.under - 1), reals.under) for one in reals.over)


def nearest(reals: Reals) -> tuple[Size, ...]:
    """Each number rounded to the next whole one; what lies between two to the even one."""
    under = reals.under
    if under == 1:
        return reals.over
    half = under // 2
    # Between an even number and the odd one above it the half is rounded down: one less than otherwise.
    return tuple(
        subtract(
            divide(add(one, half), under),
            subtract(divide(add(one, 3 * half), 2 * under), divide(add(one, 3 * half - 1), 2 * under)),
        )
        for one in reals.over
    )


_Binary: TypeAlias = Callable[[Size, Size], Size]
_ALIKE: Mapping[str, _Binary] = {
    "Add": add,
    "AddV2": add,
    "Sub": subtract,
    "Maximum": largest,
    "Minimum": smallest,
}


def computed(op: str, one: Reals, other: Reals) -> Reals:
    """What an operation makes of two tensors of one length. Raises InexactError where a float need not hold it."""
    if op in _ALIKE:
        under = lcm(one.under, other.under)
        ours, theirs = ([multiply(each, under // side.under) for each in side.over] for side in (one, other))
        return _kept(Reals(tuple(map(_ALIKE[op], ours, theirs)), under))
    if op == "Mul":
        # The area of a picture is soon more than a float32 holds.
        if not any(all(isinstance(each, int) for each in side.over) for side in (one, other)):
            raise InexactError("a product of sizes")
        return _kept(Reals(tuple(map(multiply, one.over, other.over)), one.under * other.under))
    if op in {"RealDiv", "Div"}:
        return computed("Mul", one, _inverse(other))
    raise InexactError(f"{op} of floats")


def _inverse(reals: Reals) -> Reals:
    found = [Fraction(reals.under, each) for each in reals.over if isinstance(each, int) and each > 0]
    if len(found) < len(reals.over) or any(
        one.numerator & (one.numerator - 1) or one.denominator & (one.denominator - 1) for one in found
    ):
        raise InexactError("a divisor that is no power of 2")
    under = lcm(*(one.denominator for one in found))
    return Reals(tuple(one.numerator * (under // one.denominator) for one in found), under)


def _kept(reals: Reals) -> Reals:
    """The numbers with what they share taken out. Raises InexactError where they are more than a float32 holds."""
    counts = [count for one in reals.over for _, count in lifted(one).terms]
    shared = gcd(reals.under, *counts)
    over = tuple(divide(one, shared) for one in reals.over) if shared > 1 else reals.over
    under = reals.under // shared
    factors = [_odd(count) for one in over for product, count in lifted(one).terms if product]
    if under > _MOST_DIVISOR or max(factors, default=0) > _MOST_FACTOR:
        raise InexactError("numbers beyond those of a float")
    return Reals(over, under)


def _odd(count: int) -> int:
    count = abs(count)
    return count // (count & -count)
