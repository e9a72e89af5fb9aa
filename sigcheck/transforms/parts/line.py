"""Lines: what a step that only scales and shifts does to each real number, exactly.

Two such steps one behind the other are one again. The numbers are fractions, so that nothing is rounded
before the one product and the one sum that are left are written.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from sigcheck.schema.dtype import DTYPES

# The least normal number of the two dtypes that values are converted in. Below it TensorFlow's threads flush to zero.
_LEAST = {"float32": 2.0**-126, "float64": 2.0**-1022}


class Line(NamedTuple):
    """`value * factor + shift`, one of each or one for each entry of an axis, counted from the front."""

    factor: tuple[Fraction, ...] = (Fraction(1),)
    shift: tuple[Fraction, ...] = (Fraction(0),)
    axis: int | None = None

    @property
    def is_identity(self) -> bool:
        """Whether it leaves every number as it is."""
        return self is NO_LINE or (set(self.factor) == {1} and set(self.shift) == {0})

    @property
    def pairs(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Factor and shift of each entry."""
        return tuple(zip(self.factor, self.shift, strict=True))

    def then(self, other: Line) -> Line | None:
        """One line for both, the other behind it; None where each has numbers along an axis of its own.

        >>> str(line([2]).then(line([3], [1])))
        'value * 6 + 1'
        """
        if self is NO_LINE or other is NO_LINE:
            return other if self is NO_LINE else self
        if None not in {self.axis, other.axis} and self.axis != other.axis:
            return None
        count = max(len(self.factor), len(other.factor))
        ours, theirs = (one.pairs * (count if len(one.pairs) == 1 else 1) for one in (self, other))
        pairs = [(a * c, b * c + d) for (a, b), (c, d) in zip(ours, theirs, strict=True)]
        return _made(pairs, other.axis if self.axis is None else self.axis)

    def __str__(self) -> str:
        told = [", ".join(f"{float(number):g}" for number in numbers) for numbers in (self.factor, self.shift)]
        return f"value * {told[0]} + {told[1]}"


NO_LINE = Line()


def line(factor: Sequence[float | Fraction], shift: Sequence[float | Fraction] = (0,), axis: int | None = None) -> Line:
    """The line of these numbers, of which one may stand for all of the others."""
    count = max(len(factor), len(shift))
    spread = ([*numbers] * (count if len(numbers) == 1 else 1) for numbers in (factor, shift))
    return _made([(Fraction(a), Fraction(b)) for a, b in zip(*spread, strict=True)], axis)


def _made(pairs: Sequence[tuple[Fraction, Fraction]], axis: int | None) -> Line:
    """The line of these pairs; one pair is enough where all are the same."""
    if len(set(pairs)) == 1:
        return Line((pairs[0][0],), (pairs[0][1],))
    factor, shift = zip(*pairs, strict=True)
    return Line(factor, shift, axis)


def held(number: Fraction, dtype: str) -> float | None:
    """The number as a float of 32 or 64 bits has it; None where that is infinite, or too small to be precise.

    >>> held(Fraction(1, 3), "float32"), held(Fraction(10) ** 39, "float32")
    (0.3333333432674408, None)
    """
    if number == 0:
        return 0.0
    try:
        wide = float(number)
        # In the native order what is too large would be infinite, and no error.
        found: float = struct.unpack("<f", struct.pack("<f", wide))[0] if dtype == "float32" else wide
    except OverflowError:
        return None
    return found if abs(found) >= _LEAST[dtype] else None


def is_held(number: Fraction, dtype: str) -> bool:
    """Whether a float of 32 or 64 bits has exactly this number."""
    return held(number, dtype) == number


def shortest(number: float, dtype: str) -> float:
    """The number of the fewest digits that a float of 32 or 64 bits has as the same one.

    >>> shortest(0.3333333432674408, "float32")
    0.33333334
    """
    wanted = held(Fraction(number), dtype)
    if dtype != "float32" or wanted is None:
        return float(number)
    # Nine digits tell all floats of 32 bits apart.
    texts = (f"{number:.{digits}g}" for digits in range(1, 10))
    return next((float(text) for text in texts if held(Fraction(text), dtype) == wanted), float(number))


def unit(dtype: str) -> float:
    """By how much at most a result of this dtype is off once it is rounded, as a share of it."""
    return 2.0 ** -DTYPES[dtype].digits
