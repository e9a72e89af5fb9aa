"""Tensor: what is known of one tensor of a graph when its numbers are not: its sizes, and small whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sigcheck.sizes.bounds import is_at_least
from sigcheck.sizes.choice import greater, less
from sigcheck.sizes.expression import Expression, constant

if TYPE_CHECKING:
    from sigcheck.sizes.reals import Reals

# A size: a number, or what it follows from.
Size: TypeAlias = int | Expression
Sizes: TypeAlias = tuple[Size, ...]

# Vectors of shapes, axes and paddings are short; what is longer is data.
MOST_NUMBERS = 64


@dataclass(frozen=True)
class Items:
    """A list of tensors: how many there are, and the sizes of each.

    Until one is put in, `is_unset`: `sizes` are those that all must have, None of an unknown rank.
    """

    count: Size
    sizes: Sizes | None = None
    is_unset: bool = False


# Thousands are made and compared: a frozen dataclass takes five times as long.
class Sized(NamedTuple):
    """A tensor by its sizes, None of an unknown rank.

    `numbers` are its elements, row-major, where they are whole numbers that follow from sizes: the
    shape of another tensor, and what is computed from it. `below` is one more than the greatest
    element, of positions that count on from 0 to there. `items` are those of a list of tensors, `reals` the
    elements of floats that follow from sizes.
    """

    sizes: Sizes | None = None
    numbers: tuple[Size, ...] | None = None
    below: Size | None = None
    items: Items | None = None
    reals: Reals | None = None


UNKNOWN = Sized()


def numbers(values: Sequence[Size], sizes: Sizes | None = None) -> Sized:
    """A tensor of these whole numbers; a vector unless other sizes are given. Without them where they are many."""
    told = (len(values),) if sizes is None else sizes
    return Sized(told, tuple(values) if len(values) <= MOST_NUMBERS else None)


def settled(size: Size) -> Size:
    """The number, where an expression is one."""
    if isinstance(size, int):
        return size
    number = size.number
    return size if number is None else number


def add(one: Size, other: Size) -> Size:
    """The sum. This and the others below raise TooLargeError where an expression grows too large to be kept."""
    return settled(one + other)


def subtract(one: Size, other: Size) -> Size:
    """The difference."""
    return settled(one - other)


def multiply(one: Size, other: Size) -> Size:
    """The product."""
    return settled(one * other)


def divide(one: Size, other: Size) -> Size:
    """The quotient, rounded down. Raises ValueError for a divisor that is not known to be positive."""
    if (other < 1) if isinstance(other, int) else is_at_least(other, 1) is not True:
        raise ValueError("a divisor that is not positive")
    return settled(lifted(one) // other) if not isinstance(one, int) or not isinstance(other, int) else one // other


def round_up(one: Size, divisor: int) -> Size:
    """The quotient, rounded up."""
    return divide(add(one, divisor - 1), divisor)


def largest(one: Size, other: Size) -> Size:
    """The greater of two."""
    if isinstance(one, int) and isinstance(other, int):
        return max(one, other)
    is_more = is_at_least(lifted(one), lifted(other))
    if is_more is not None:
        return one if is_more else other
    if is_at_least(lifted(other), lifted(one)):
        return other
    return settled(lifted(other) + greater(_shortened(lifted(one) - lifted(other)), constant(0)))


def _shortened(rest: Expression) -> Expression:
    """What is as much above 0: of the greater of two, one that is never above 0 is left out."""
    sides = rest.branches()
    if sides is None or not sides[2]:
        return rest
    for one, other in (sides[:2], sides[1::-1]):
        if is_at_least(constant(0), one):
            return _shortened(other)
    return rest


def smallest(one: Size, other: Size) -> Size:
    """The less of two."""
    if isinstance(one, int) and isinstance(other, int):
        return min(one, other)
    is_more = is_at_least(lifted(one), lifted(other))
    if is_more is not None:
        return other if is_more else one
    return one if is_at_least(lifted(other), lifted(one)) else settled(less(lifted(one), lifted(other)))


def product(sizes: Sequence[Size]) -> Size:
    """How many elements there are."""
    if all(isinstance(size, int) for size in sizes):
        return prod(size for size in sizes if isinstance(size, int))
    total: Size = 1
    for size in sizes:
        total = multiply(total, size)
    return total


def lifted(size: Size) -> Expression:
    """The size as an expression."""
    return size if isinstance(size, Expression) else constant(size)
