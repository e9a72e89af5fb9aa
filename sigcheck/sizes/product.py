"""Product: factors with their powers, in the order of their names, so that equal products are one value."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeAlias, TypeVar

Factor = TypeVar("Factor", bound=Hashable)
Powers: TypeAlias = tuple[tuple[Factor, int], ...]


def multiplied(one: Powers[Factor], other: Powers[Factor]) -> Powers[Factor]:
    """The product of two.

    >>> multiplied((("h", 1), ("w", 1)), (("h", 1),))
    (('h', 2), ('w', 1))
    """
    if not one or not other:
        return one or other
    powers = dict(one)
    for factor, power in other:
        powers[factor] = powers.get(factor, 0) + power
    return _in_order(powers)


def divided(one: Powers[Factor], divisor: Powers[Factor]) -> Powers[Factor] | None:
    """What is left without the factors of the divisor; None where it does not have them all.

    >>> divided((("h", 2), ("w", 1)), (("h", 1), ("w", 1))), divided((("h", 1),), (("w", 1),))
    ((('h', 1),), None)
    """
    powers = dict(one)
    for factor, power in divisor:
        powers[factor] = powers.get(factor, 0) - power
    if min(powers.values(), default=0) < 0:
        return None
    return _in_order({factor: power for factor, power in powers.items() if power})


def rank(product: Powers[Factor]) -> tuple[bool, int, str]:
    """By which products stand in a sum: numbers last, products of many first, as people write sums."""
    return not product, -sum(power for _, power in product), "*".join(str(factor) for factor, _ in product)


def _in_order(powers: Mapping[Factor, int]) -> Powers[Factor]:
    return tuple(sorted(powers.items(), key=lambda factor: (str(factor[0]), factor[1])))
