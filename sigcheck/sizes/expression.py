"""Expression: a size as a whole number that follows from the sizes of inputs, in a normal form.

A sum of products with whole coefficients, over variables and over the operations that no sum can
say: floor division, the greater and the less of two. Two expressions that are equal as sums are one
value, so most questions of equality are answered by looking. Modelled on the symbolic dimensions
of JAX (jax/_src/export/shape_poly.py); like there, what is not decided is said to be.

>>> height = variable("height")
>>> str(2 * (height // 2)), str((height + 1) // 2 // 2), height - height
('2*(height // 2)', '(height + 1) // 4', Expression(0))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import gcd
from typing import ClassVar, Literal, TypeAlias

from sigcheck.sizes.expression_text import expression_text, operation_text
from sigcheck.sizes.product import Powers, divided, multiplied, rank

# Larger sums, and deeper nesting, come from graphs that nobody could read the answer of.
MOST_TERMS = 24
MOST_DEPTH = 8
# Expressions within expressions are shared, and their texts are not: of all parts together no more are kept.
MOST_PARTS = 150
# Beyond the largest size that a tensor may have, a product overflows where it is run.
MOST_NUMBER = 2**63

Kind = Literal["floordiv", "max"]


class TooLargeError(ValueError):
    """An expression beyond what is kept: what it stands for is unknown."""


@dataclass(frozen=True)
class Variable:
    """The size of an axis of an input, or one that nothing is known of."""

    name: str
    # Of an unknown one nothing is claimed.
    is_known: bool = True
    # What is no size may be negative.
    is_size: bool = field(default=True, repr=False)
    kind: ClassVar[Literal["variable"]] = "variable"

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """How deep operations are nested in it."""
        return 0

    @property
    def parts(self) -> int:
        """How many variables, numbers and operations its text has."""
        return 1


@dataclass(frozen=True)
class Operation:
    """An operation on two expressions that no sum of products says. The divisor of a division is positive.

    Every choice of two is written by one form of one: max(0, d), where d begins with what is added and its
    coefficients have no common factor. So max(a, b) is b + max(0, a - b) and min(a, b) is a - max(0, a - b).
    """

    kind: Kind
    left: Expression
    right: Expression

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Asked for at every look-up, of expressions within expressions.
        return hash((self.kind, self.left, self.right))

    @cached_property
    def text(self) -> str:
        """What it is called, which orders it among others."""
        return operation_text(self.kind, self.left, self.right)

    def __str__(self) -> str:
        return self.text

    @cached_property
    def depth(self) -> int:
        """How deep operations are nested in it."""
        return 1 + max(self.left.depth, self.right.depth)

    @cached_property
    def parts(self) -> int:
        """How many variables, numbers and operations its text has."""
        return 1 + self.left.parts + self.right.parts


Atom: TypeAlias = Variable | Operation
Product: TypeAlias = Powers[Atom]


@dataclass(frozen=True)
class Expression:
    """A sum of products; `terms` are in a fixed order and none has the coefficient 0."""

    terms: tuple[tuple[Product, int], ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.terms)

    @classmethod
    def of(cls, terms: Mapping[Product, int]) -> Expression:
        """The sum of these products. Raises TooLargeError where it is too long or too deep to be kept."""
        kept = tuple((one, number) for one, number in terms.items() if number)
        if len(kept) > 1:
            kept = tuple(sorted(kept, key=lambda term: rank(term[0])))
        if len(kept) > MOST_TERMS or any(abs(number) >= MOST_NUMBER for _, number in kept):
            raise TooLargeError("a size of too many terms")
        found = cls(kept)
        if found.depth > MOST_DEPTH or found.parts > MOST_PARTS:
            raise TooLargeError("a size of too many operations")
        return found

    @property
    def number(self) -> int | None:
        """The number that it is; None where it depends on a variable."""
        if not self.terms:
            return 0
        (product, number), *rest = self.terms
        return number if not product and not rest else None

    @cached_property
    def depth(self) -> int:
        """How deep operations are nested in it."""
        return max((atom.depth for product, _ in self.terms for atom, _ in product), default=0)

    @cached_property
    def parts(self) -> int:
        """How many variables, numbers and operations its text has."""
        return sum(1 + sum(atom.parts * power for atom, power in product) for product, _ in self.terms)

    @cached_property
    def variables(self) -> frozenset[Variable]:
        """All variables in it, those inside of operations among them."""
        found: set[Variable] = set()
        for atom in self.atoms():
            found |= {atom} if isinstance(atom, Variable) else atom.left.variables | atom.right.variables
        return frozenset(found)

    @property
    def is_known(self) -> bool:
        """Whether it follows from the sizes of inputs alone."""
        return all(one.is_known for one in self.variables)

    def atoms(self) -> Iterator[Atom]:
        """Yields the variables and operations of its terms, those inside of operations left out."""
        for product, _ in self.terms:
            yield from (atom for atom, _ in product)

    def __add__(self, other: Expression | int) -> Expression:
        terms = dict(self.terms)
        for product, number in _lifted(other).terms:
            terms[product] = terms.get(product, 0) + number
        return Expression.of(terms)

    __radd__ = __add__

    def __neg__(self) -> Expression:
        return Expression(tuple((product, -number) for product, number in self.terms))

    def __sub__(self, other: Expression | int) -> Expression:
        return self + -_lifted(other)

    def __rsub__(self, other: int) -> Expression:
        return -self + other

    def __mul__(self, other: Expression | int) -> Expression:
        terms: dict[Product, int] = {}
        for ours, first in self.terms:
            for theirs, second in _lifted(other).terms:
                product = multiplied(ours, theirs)
                terms[product] = terms.get(product, 0) + first * second
        return Expression.of(terms)

    __rmul__ = __mul__

    def __floordiv__(self, divisor: Expression | int) -> Expression:
        """Division rounded down. Raises ValueError for a divisor that is not known to be positive."""
        right = _lifted(divisor)
        number = right.number
        if number is None:
            return self._divided_by(right)
        if number < 1:
            raise ValueError("a divisor that is not positive")
        whole = {product: count // number for product, count in self.terms if count % number == 0}
        rest = Expression.of({product: count for product, count in self.terms if count % number})
        if rest.number is not None:
            # What is left is one number: of whole parts it takes none but its own.
            return Expression.of(whole) + constant(rest.number // number)
        return Expression.of(whole) + _floor(rest, number)

    def _divided_by(self, divisor: Expression) -> Expression:
        quotient = _exact_quotient(self, divisor)
        if quotient is not None:
            return quotient
        return single(Operation("floordiv", self, divisor))

    def __mod__(self, divisor: int) -> Expression:
        return self - divisor * (self // divisor)

    def choice(self) -> tuple[Operation | None, Expression]:
        """A choice that stands in it as a term of its own, and what else it is; None where there is none."""
        for product, number in self.terms:
            if len(product) == 1 and product[0][1] == 1:
                atom = product[0][0]
                if isinstance(atom, Operation) and atom.kind == "max":
                    return atom, self - number * single(atom)
        return None, self

    def branches(self) -> tuple[Expression, Expression, bool] | None:
        """Two expressions of which it is the greater, or the less where the last is False; None where it is no choice.

        Raises TooLargeError where they grow too large.

        >>> from sigcheck.sizes.choice import less
        >>> less(variable("x"), constant(5)).branches()
        (Expression(x), Expression(5), False)
        """
        atom, rest = self.choice()
        if atom is None:
            return None
        number = next(count for product, count in self.terms if product == ((atom, 1),))
        return rest, rest + number * atom.right, number > 0

    @cached_property
    def text(self) -> str:
        """What it is called. Asked for often, as it orders expressions."""
        return expression_text(self)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Expression({self})"


@lru_cache(maxsize=1_000)
def constant(number: int) -> Expression:
    """A known size. Raises TooLargeError beyond what a tensor may have."""
    return Expression.of({(): number})


def variable(name: str) -> Expression:
    """The size of an axis of an input."""
    return single(Variable(name))


def unknown(name: str) -> Expression:
    """A size of which nothing is known, but that it is the same wherever this name stands."""
    return single(Variable(name, is_known=False))


def unknown_number(name: str) -> Expression:
    """A number of which nothing is known, nor that it is a size: it may be negative."""
    return single(Variable(name, is_known=False, is_size=False))


def single(atom: Atom) -> Expression:
    """A variable, or an operation, as an expression."""
    return Expression.of({((atom, 1),): 1})


def _lifted(value: Expression | int) -> Expression:
    return value if isinstance(value, Expression) else constant(value)


def _floor(rest: Expression, number: int) -> Expression:
    """The floor of what the divisor divides no term of."""
    if rest.terms[0][1] < 0:
        # One form for both: -(-n // 8) is (n + 7) // 8.
        return -((number - 1 - rest) // number)
    # A common factor of all terms but the constant can go: (4n + 3) // 6 = (2n + 1) // 3.
    factor = number
    offset = 0
    for product, count in rest.terms:
        if product:
            factor = gcd(factor, count)
        else:
            offset = count
    if factor > 1:
        scaled = {product: count // factor for product, count in rest.terms if product}
        return (Expression.of(scaled) + offset // factor) // (number // factor)
    inner = _lone_division(rest)
    if inner is not None:
        # (x // m + c) // k = (x + c * m) // (m * k), for every whole x.
        division, added = inner
        divisor = division.right.number or 1
        return (division.left + added * divisor) // (divisor * number)
    shift, reduced = divmod(offset, number)
    base = rest - offset + reduced
    return single(Operation("floordiv", base, constant(number))) + shift


def _lone_division(rest: Expression) -> tuple[Operation, int] | None:
    """The one division by a number that the expression is, and the number that is added to it."""
    others = [(product, count) for product, count in rest.terms if product]
    if len(others) != 1:
        return None
    (product, count) = others[0]
    if count != 1 or len(product) != 1 or product[0][1] != 1:
        return None
    atom = product[0][0]
    if not isinstance(atom, Operation) or atom.kind != "floordiv" or atom.right.number is None:
        return None
    return atom, (rest - single(atom)).number or 0


def _exact_quotient(left: Expression, right: Expression) -> Expression | None:
    """The quotient where the divisor is one product that divides every term."""
    if len(right.terms) != 1:
        return constant(1) if left == right else None
    divisor, count = right.terms[0]
    terms: dict[Product, int] = {}
    for product, number in left.terms:
        quotient = divided(product, divisor)
        if number % count or quotient is None:
            return None
        terms[quotient] = number // count
    return Expression.of(terms)
