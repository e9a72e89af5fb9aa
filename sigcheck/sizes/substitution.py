"""Substitution: what becomes of an expression with numbers, or other expressions, in the place of its variables."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.sizes.choice import greater
from sigcheck.sizes.expression import Atom, Expression, Variable, constant, single


def evaluate(expression: Expression, sizes: Mapping[Variable, int]) -> int:
    """The number that it is for these sizes. Raises KeyError for a variable without one.

    >>> from sigcheck.sizes.expression import variable
    >>> evaluate(variable("n") // 2 + 1, {Variable("n"): 7})
    4
    """
    total = 0
    for product, number in expression.terms:
        term = number
        for atom, power in product:
            term *= _value(atom, sizes) ** power
        total += term
    return total


def _value(atom: Atom, sizes: Mapping[Variable, int]) -> int:
    if isinstance(atom, Variable):
        return sizes[atom]
    left, right = evaluate(atom.left, sizes), evaluate(atom.right, sizes)
    return left // right if atom.kind == "floordiv" else max(left, right)


def substitute(expression: Expression, sizes: Mapping[Variable, Expression]) -> Expression:
    """The expression with these in the place of variables. Raises TooLargeError where it grows too large to be kept.

    >>> from sigcheck.sizes.expression import variable
    >>> substitute(variable("n") // 2, {Variable("n"): 4 * variable("m")})
    Expression(2*m)
    """
    total = constant(0)
    for product, number in expression.terms:
        term = constant(number)
        for atom, power in product:
            for _ in range(power):
                term *= _substituted(atom, sizes)
        total += term
    return total


def _substituted(atom: Atom, sizes: Mapping[Variable, Expression]) -> Expression:
    if isinstance(atom, Variable):
        return sizes.get(atom, single(atom))
    left, right = substitute(atom.left, sizes), substitute(atom.right, sizes)
    return left // right if atom.kind == "floordiv" else greater(left, right)
