"""Call: one operation of a graph with what is known of its operands, as the rules see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from sigcheck.graph.view import Attributes, Node
from sigcheck.sizes.condition import Condition, Relation
from sigcheck.sizes.expression import Expression, unknown
from sigcheck.sizes.tensor import Size, Sized, Sizes, lifted


class UndecidedError(ValueError):
    """A rule that cannot say anything of this call."""


@dataclass
class Call:
    """A node, and its operands. What a rule demands of their sizes is collected in `conditions`."""

    node: Node
    operands: Sequence[Sized]
    number: int
    conditions: list[Condition] = field(default_factory=list)
    _fresh: int = 0

    @cached_property
    def attributes(self) -> Attributes:
        """The attributes of the node."""
        return self.node.attributes

    def sizes(self, operand: int = 0) -> Sizes:
        """The sizes of an operand. Raises UndecidedError where they are not known."""
        found = self.operands[operand].sizes if operand < len(self.operands) else None
        if found is None:
            raise UndecidedError("an operand of unknown rank")
        return found

    def numbers(self, operand: int) -> tuple[Size, ...]:
        """The elements of an operand of whole numbers. Raises UndecidedError where they are not known."""
        found = self.operands[operand].numbers if operand < len(self.operands) else None
        if found is None:
            raise UndecidedError("an operand of unknown numbers")
        return found

    def integers(self, operand: int) -> tuple[int, ...]:
        """The elements of an operand, all of them known. Raises UndecidedError where one is not."""
        return tuple(self._known(one) for one in self.numbers(operand))

    def _known(self, size: Size) -> int:
        if not isinstance(size, int):
            raise UndecidedError("a number that follows from a size")
        return size

    def axis(self, number: int, rank: int) -> int:
        """An axis counted from the first. Raises UndecidedError where there is no such axis: the call fails."""
        if not -rank <= number < rank:
            raise UndecidedError("no such axis")
        return number % rank

    def axes(self, operand: int, rank: int) -> tuple[int, ...]:
        """The axes that an operand names. Raises UndecidedError as `axis` and `integers` do."""
        return tuple(self.axis(one, rank) for one in self.integers(operand))

    def listed(self, name: str) -> tuple[int, ...]:
        """An attribute that is a list of whole numbers; empty where there is none."""
        found = self.attributes.get(name, ())
        return tuple(found) if isinstance(found, tuple | list) else ()

    def fresh(self) -> Expression:
        """A size of which nothing is known."""
        self._fresh += 1
        return unknown(f"?{self.number}.{self._fresh}")

    def fresh_sizes(self, rank: int) -> Sizes:
        """Sizes of which nothing is known but how many there are."""
        return tuple(self.fresh() for _ in range(rank))

    def require(self, relation: Relation, one: Size, other: Size) -> None:
        """Demands a relation of two sizes, unless it holds of all."""
        if one == other:
            return
        condition = Condition(relation, lifted(one), lifted(other), (self._told(one, other),))
        if condition.decided() is not True:
            self.conditions.append(condition)

    def _told(self, one: Size, other: Size) -> str:
        return f"{self.node.op} of [{one}] and [{other}] at `{self.node.name}`"

    def require_at_least(self, size: Size, least: int) -> None:
        """Demands that a size is no less than a number."""
        self.require("at_least", size, least)

    def joined(self, one: Size, other: Size) -> Size:
        """One size for two that must be equal: a number where one is. Demands that they are."""
        self.require("equal", one, other)
        return one if isinstance(one, int) else other if isinstance(other, int) else one


# What a rule gives: its one result, or its results in their order.
Results: TypeAlias = Sized | Sequence[Sized]
Rule: TypeAlias = Callable[[Call], Results]
