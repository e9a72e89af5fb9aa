"""Least: how small a size may be, from what was demanded of it till now."""

from __future__ import annotations

from sigcheck.sizes.bounds import LEAST_SIZE
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Expression, Variable

# Halvings of the sizes that are tried: no input is longer.
_MOST_BITS = 24
# Each doubles what is looked at.
_MOST_CHOICES = 4


def least_of(condition: Condition) -> tuple[Variable, int] | None:
    """The size that a condition bounds from below, and by what; None where it does not.

    >>> from sigcheck.sizes.expression import constant, variable
    >>> least_of(Condition("at_least", variable("h") // 4, constant(2)))
    (Variable(name='h', is_known=True), 8)
    """
    bound = condition.right.number
    if condition.relation != "at_least" or bound is None or len(condition.variables) != 1:
        return None
    (size,) = condition.variables
    if not _is_rising(condition.left) or not condition.holds({size: 2**_MOST_BITS}):
        return None
    low, high = LEAST_SIZE, 2**_MOST_BITS
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if condition.holds({size: middle}) else (middle + 1, high)
    return size, low


def _is_rising(expression: Expression, choices: int = _MOST_CHOICES) -> bool:
    """Whether it never falls where its sizes rise."""
    sides = expression.branches() if choices else None
    if sides is not None:
        return all(_is_rising(side, choices - 1) for side in sides[:2])
    return all(
        not product
        or (
            number > 0
            and len(product) == 1
            and product[0][1] == 1
            and (
                isinstance(atom := product[0][0], Variable)
                or (atom.kind == "floordiv" and atom.right.number is not None and _is_rising(atom.left))
            )
        )
        for product, number in expression.terms
    )
