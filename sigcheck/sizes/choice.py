"""Choice: the greater and the less of two sizes, in the one form that every choice has.

>>> from sigcheck.sizes.expression import variable
>>> n = variable("n")
>>> str(greater(n, constant(5))), str(less(n, constant(5))), str(greater(n, n + 2))
('max(5, n)', 'min(5, n)', 'n + 2')
"""

from __future__ import annotations

from math import gcd

from sigcheck.sizes.expression import Expression, Operation, constant, single


def greater(one: Expression, other: Expression) -> Expression:
    """The greater of two. Of two that differ by a number it is known."""
    return other + _positive(one - other)


def less(one: Expression, other: Expression) -> Expression:
    """The less of two. Of two that differ by a number it is known."""
    return one - _positive(one - other)


def _positive(rest: Expression) -> Expression:
    """What is above 0 of it: max(0, rest), in its one form."""
    number = rest.number
    if number is not None:
        return constant(max(0, number))
    if rest.terms[0][1] < 0:
        return rest + _positive(-rest)
    inner, added = rest.choice()
    if inner is not None and added.number is not None and rest.terms[0][1] == 1:
        # Of what is never below 0 nothing is cut off; what is taken from it may be taken before.
        return rest if added.number >= 0 else _positive(inner.right + added)
    factor = gcd(*(count for _, count in rest.terms))
    plain = Expression(tuple((product, count // factor) for product, count in rest.terms))
    return factor * single(Operation("max", constant(0), plain))
