"""Stated: what a text demands of sizes, as expressions: other sizes can stand for its names, and it can be decided.

A text is read into clauses, one of which must hold whole: `t % 4 == 0 and t >= 8 or t == 2`. What
cannot be kept as an expression (it overflows, or divides by what is not positive) raises ValueError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from sigcheck.schema.size_text import Tree, parse_constraint, parse_size
from sigcheck.sizes.bounds import Least
from sigcheck.sizes.choice import greater, less
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Expression, Variable, constant, variable

Names: TypeAlias = Mapping[str, Expression]


class Comparison(NamedTuple):
    """A condition, or that it does not hold: `!=` is the contrary of `==`."""

    condition: Condition
    is_denied: bool = False

    def holds(self, sizes: Mapping[Variable, int]) -> bool:
        """Whether these sizes meet it. Raises KeyError for a variable without one, ZeroDivisionError as it says."""
        return self.condition.holds(sizes) != self.is_denied

    def decided(self, least: Least | None = None) -> bool | None:
        """Whether all sizes meet it; False where none does, None where it depends on them, or is not decided."""
        found = self.condition.decided(least)
        return found if found is None else found != self.is_denied

    def __str__(self) -> str:
        return str(self.condition).replace(" == ", " != ") if self.is_denied else str(self.condition)


@dataclass(frozen=True)
class Stated:
    """What a text demands; `because` has the places that it comes from."""

    clauses: tuple[tuple[Comparison, ...], ...]
    because: tuple[str, ...] = ()

    @classmethod
    def of(cls, holds: str, because: tuple[str, ...] = (), names: Names | None = None) -> Stated:
        """Reads a text, with these expressions in the place of its names. Raises ValueError as the module says."""
        known = names or {}
        return cls(
            tuple(tuple(_comparison(*one, known) for one in clause) for clause in parse_constraint(holds)), because
        )

    @classmethod
    def equal(cls, one: Expression, other: Expression, because: tuple[str, ...] = ()) -> Stated:
        """That two sizes are one."""
        return cls(((Comparison(Condition("equal", one, other)),),), because)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that it is made of."""
        return tuple(one.condition for clause in self.clauses for one in clause)

    @cached_property
    def variables(self) -> frozenset[Variable]:
        """The sizes that it speaks of."""
        return frozenset().union(*(one.variables for one in self.conditions))

    @property
    def is_known(self) -> bool:
        """Whether it speaks of the sizes of inputs alone."""
        return all(one.is_known for one in self.conditions)

    def holds(self, sizes: Mapping[Variable, int]) -> bool:
        """Whether these sizes meet it. Raises as `Comparison.holds` does."""
        return any(all(one.holds(sizes) for one in clause) for clause in self.clauses)

    def decided(self, least: Least | None = None) -> bool | None:
        """Whether all sizes meet it; False where none does, None where it depends on them, or is not decided."""
        found = [_all(one.decided(least) for one in clause) for clause in self.clauses]
        return True if True in found else None if None in found else False

    def __str__(self) -> str:
        return " or ".join(" and ".join(map(str, clause)) for clause in self.clauses)


def are_met(demands: Iterable[Stated], sizes: Mapping[Variable, int]) -> bool:
    """Whether these sizes meet all demands that speak of no others; one that divides by 0 is not met.

    >>> even = Stated.of("h % 2 == 0"), Stated.of("h == w")
    >>> are_met(even, {Variable("h"): 4}), are_met(even, {Variable("h"): 4, Variable("w"): 5})
    (True, False)
    """
    try:
        return all(one.holds(sizes) for one in demands if one.variables <= sizes.keys())
    except ArithmeticError:
        return False


def expressed(size: str | Tree, names: Names | None = None) -> Expression:
    """The size that a text says, or its tree, with these expressions in the place of names.

    >>> expressed("2*(h // 2) + 1", {"h": constant(7)})
    Expression(7)
    """
    return _expressed(parse_size(size) if isinstance(size, str) else size, names or {})


def _expressed(tree: Tree, names: Names) -> Expression:
    if isinstance(tree, int):
        return constant(tree)
    if isinstance(tree, str):
        return names[tree] if tree in names else variable(tree)
    sign, left, right = tree
    return _OPERATIONS[sign](_expressed(left, names), _expressed(right, names))


def _remainder(one: Expression, other: Expression) -> Expression:
    return one - other * (one // other)


def _power(one: Expression, other: Expression) -> Expression:
    total = constant(1)
    for _ in range(other.number or 0):
        total *= one
    return total


_OPERATIONS: Mapping[str, Callable[[Expression, Expression], Expression]] = {
    "+": Expression.__add__,
    "-": Expression.__sub__,
    "*": Expression.__mul__,
    "//": Expression.__floordiv__,
    "%": _remainder,
    "**": _power,
    "min": less,
    "max": greater,
}

# Each sign as a relation, what is added to its right side, and whether the sides change places.
_RELATIONS: Mapping[str, tuple[Literal["equal", "at_least"], int, bool]] = {
    "==": ("equal", 0, False),
    "!=": ("equal", 0, False),
    ">=": ("at_least", 0, False),
    ">": ("at_least", 1, False),
    "<=": ("at_least", 0, True),
    "<": ("at_least", 1, True),
}


def _comparison(sign: str, left: Tree, right: Tree, names: Names) -> Comparison:
    relation, added, is_turned = _RELATIONS[sign]
    one, other = _expressed(left, names), _expressed(right, names)
    if is_turned:
        one, other = other, one
    return Comparison(Condition(relation, one, other + added), is_denied=sign == "!=")


def _all(found: Iterator[bool | None]) -> bool | None:
    told = list(found)
    return False if False in told else None if None in told else True
