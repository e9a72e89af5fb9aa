"""Factors: what two products have in common, and which factors of them must be equal."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, prod

from sigcheck.sizes.expression import Expression, Operation, Variable, constant, single

Pairs = Sequence[tuple[Expression, Expression]]


def without_common_factors(left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """Both sides without the number and the sizes of inputs that all their terms have as a factor.

    >>> from sigcheck.sizes.expression import variable
    >>> b, t = variable("b"), variable("t")
    >>> without_common_factors(4 * b * t, 24 * b)
    (Expression(t), Expression(6))
    """
    terms = (*left.terms, *right.terms)
    if not terms:
        return left, right
    number = gcd(*(count for _, count in terms))
    shared = dict(terms[0][0])
    for product, _ in terms[1:]:
        powers = dict(product)
        shared = {atom: min(power, powers[atom]) for atom, power in shared.items() if atom in powers}
    # The size of an input is at least 1; what an operation gives may be 0, and then both sides are.
    factor = constant(number)
    for atom, power in shared.items():
        if isinstance(atom, Variable) and atom.is_known:
            factor *= Expression.of({((atom, power),): 1})
    return (left, right) if factor == constant(1) else (left // factor, right // factor)


def whole_parts(left: Expression, right: Expression) -> Pairs | None:
    """What must be equal where sizes times each other are what is left of each by a division.

    `h * w == 16 * (h // 4) * (w // 4)` is `h == 4 * (h // 4)` and likewise w: no factor can make up for another.

    >>> from sigcheck.sizes.expression import variable
    >>> h, w = variable("h"), variable("w")
    >>> whole_parts(h * w, 16 * (h // 4) * (w // 4))
    [(Expression(4*(h // 4)), Expression(h)), (Expression(4*(w // 4)), Expression(w))]
    """
    for whole, parts in ((left, right), (right, left)):
        if len(whole.terms) != 1 or len(parts.terms) != 1:
            return None
        (sizes, one), (product, number) = whole.terms[0], parts.terms[0]
        divisions = [atom for atom, power in product if isinstance(atom, Operation) and power == 1]
        divisors = [atom.right.number or 0 for atom in divisions if atom.kind == "floordiv"]
        divided = sorted(str(atom.left) for atom in divisions)
        is_whole = one == 1 and all(power == 1 and isinstance(atom, Variable) for atom, power in sizes)
        is_same = len(divisors) == len(product) and divided == sorted(str(atom) for atom, _ in sizes)
        if is_whole and is_same and len(divisors) > 1 and 0 not in divisors and prod(divisors) == number:
            singles = [single(atom) for atom in divisions]
            return [(part * k, atom.left) for part, k, atom in zip(singles, divisors, divisions, strict=True)]
    return None
