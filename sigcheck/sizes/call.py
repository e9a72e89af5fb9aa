"""Call: one operation of a graph with what is known of its operands, as the rules see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import prod
from typing import Protocol, TypeAlias

from sigcheck.graph.view import Attributes, Node
from sigcheck.sizes.bounds import Least, is_at_least
from sigcheck.sizes.condition import Condition, Relation
from sigcheck.sizes.expression import Expression, unknown, unknown_number
from sigcheck.sizes.tensor import Size, Sized, Sizes, divide, lifted, multiply

# A tensor of more axes is none of a model; paddings have two numbers for each.
MOST_RANK = 64
# What is more than one is not stretched.
_SEVERAL = 2


class UndecidedError(ValueError):
    """A rule that cannot say anything of this call."""


class Entry(Protocol):
    """What looks into functions that an operation calls."""

    def __call__(self, name: str, operands: Sequence[Sized], *, surely: bool) -> Sequence[Sized] | None:
        """The results for these operands, None where nothing is known of the function.

        What it demands counts where it `surely` runs.
        """


def _no_function(name: str, operands: Sequence[Sized], *, surely: bool) -> None:
    return None


@dataclass
class Call:
    """A node, and its operands. What a rule demands of their sizes is collected in `conditions`."""

    node: Node
    operands: Sequence[Sized]
    # Numbers that no unknown size has yet.
    numbered: Iterator[int] = field(default_factory=count)
    enter: Entry = _no_function
    # How small sizes may be, by what was demanded before.
    least: Least = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)

    @property
    def attributes(self) -> Attributes:
        """The attributes of the node."""
        return self.node.attributes

    @property
    def operation(self) -> str:
        """What people call it: a layer by its class, an operator of another runtime by its own name."""
        return self.node.op.rpartition(">")[2].removeprefix("ops.")

    def sizes(self, operand: int = 0) -> Sizes:
        """The sizes of an operand. Raises UndecidedError where they are not known."""
        found = self.operands[operand].sizes if operand < len(self.operands) else None
        if found is None:
            raise UndecidedError("an operand of unknown rank")
        return found

    def sizes_of(self, operand: int, rank: int) -> Sizes:
        """The sizes of an operand that an operation takes of one rank only: unknown ones where they are not known."""
        found = self.operands[operand].sizes if operand < len(self.operands) else None
        return self.fresh_sizes(rank) if found is None else found

    def numbers(self, operand: int) -> tuple[Size, ...]:
        """The elements of an operand of whole numbers. Raises UndecidedError where they are not known."""
        found = self.operands[operand].numbers if operand < len(self.operands) else None
        if found is None:
            raise UndecidedError("an operand of unknown numbers")
        return found

    def told(self, operand: int) -> tuple[Size, ...]:
        """The elements of a vector of sizes, unknown ones where only its length is known.

        Raises UndecidedError where that is not known either, or is beyond any rank.
        """
        found = self.operands[operand] if operand < len(self.operands) else Sized()
        if found.numbers is not None:
            return found.numbers
        length = 1
        for size in (None,) if found.sizes is None else found.sizes:
            length *= self._known(size) if size is not None else MOST_RANK + 1
        if length > MOST_RANK:
            raise UndecidedError("a vector of unknown length")
        return self.fresh_sizes(length)

    def elements(self, operand: Sized) -> tuple[Size, ...] | None:
        """The elements of whole numbers; numbers of which nothing is known where only their count is."""
        if operand.numbers is not None or operand.sizes is None:
            return operand.numbers
        count = prod(size if isinstance(size, int) else MOST_RANK + 1 for size in operand.sizes)
        if count > MOST_RANK:
            return None
        return tuple(unknown_number(f"?{next(self.numbered)}") for _ in range(count))

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
        return unknown(f"?{next(self.numbered)}")

    def fresh_sizes(self, rank: int) -> Sizes:
        """Sizes of which nothing is known but how many there are."""
        return tuple(self.fresh() for _ in range(rank))

    def require(self, relation: Relation, one: Size, other: Size) -> None:
        """Demands a relation of two sizes, unless it holds of all."""
        if one == other:
            return
        if relation == "alike" and self.is_at_least(one, _SEVERAL) and self.is_at_least(other, _SEVERAL):
            relation = "equal"
        told = Condition(relation, lifted(one), lifted(other), self.operation, self.node.name)
        self.conditions += [each for each in told.simplified() if each.decided(self.least) is not True]

    def is_at_least(self, size: Size, number: int) -> bool:
        """Whether a size is surely no less than a number, by what was demanded before too."""
        return is_at_least(lifted(size), number, self.least) is True

    def require_at_least(self, size: Size, least: int) -> None:
        """Demands that a size is no less than a number."""
        self.require("at_least", size, least)

    def part(self, whole: Size, count: Size) -> Size:
        """One of so many equal parts. Demands that nothing is left over. Raises ValueError as `divide` does."""
        found = divide(whole, count)
        self.require("equal", multiply(found, count), whole)
        return found

    def joined(self, one: Size, other: Size) -> Size:
        """One size for two that must be equal: a number where one is. Demands that they are."""
        self.require("equal", one, other)
        return one if isinstance(one, int) else other if isinstance(other, int) else one

    def joined_all(self, one: Sizes, other: Sizes) -> Sizes:
        """The sizes of two tensors of one shape, each as `joined`. Raises UndecidedError where their ranks differ."""
        if len(one) != len(other):
            raise UndecidedError("operands of several ranks")
        return tuple(self.joined(*pair) for pair in zip(one, other, strict=True))


# What a rule gives: its one result, or its results in their order.
Results: TypeAlias = Sized | Sequence[Sized]
Rule: TypeAlias = Callable[[Call], Results]
