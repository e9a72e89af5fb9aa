"""Condition: what must hold of sizes so that an operation runs, with the places that demand it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sigcheck.sizes.bounds import Least, is_at_least, is_equal
from sigcheck.sizes.expression import Expression, Variable
from sigcheck.sizes.factors import whole_parts, without_common_factors
from sigcheck.sizes.substitution import evaluate, substitute

# equal: left == right. at_least: left >= right. alike: equal, or one of them is 1 and is stretched.
Relation = Literal["equal", "at_least", "alike"]

_SIGNS: Mapping[Relation, str] = {"equal": "==", "at_least": ">="}


@dataclass(frozen=True)
class Condition:
    """A relation of two sizes. `operation` and `place` are the node that demands it."""

    relation: Relation
    left: Expression
    right: Expression
    operation: str = ""
    place: str = ""

    @property
    def variables(self) -> frozenset[Variable]:
        """The sizes that it speaks of."""
        return self.left.variables | self.right.variables

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Itself: a demand of one condition."""
        return (self,)

    @property
    def is_known(self) -> bool:
        """Whether it speaks of the sizes of inputs alone: of others nothing is claimed."""
        return self.left.is_known and self.right.is_known

    def holds(self, sizes: Mapping[Variable, int]) -> bool:
        """Whether these sizes meet it. Raises KeyError for a variable without one."""
        left, right = evaluate(self.left, sizes), evaluate(self.right, sizes)
        if self.relation == "at_least":
            return left >= right
        return left == right or (self.relation == "alike" and 1 in {left, right})

    def decided(self, least: Least | None = None) -> bool | None:
        """Whether all sizes meet it; False where none does, None where it depends on them, or is not decided."""
        if self.relation == "at_least":
            return is_at_least(self.left, self.right, least)
        same = is_equal(self.left, self.right, least)
        if same or self.relation == "equal":
            return same
        ones = [is_equal(side, 1, least) for side in (self.left, self.right)]
        if True in ones:
            return True
        return False if same is False and ones == [False, False] else None

    def replaced(self, sizes: Mapping[Variable, Expression]) -> Condition:
        """The condition with these in the place of variables. Raises TooLargeError where they grow too large."""
        return Condition(
            self.relation, substitute(self.left, sizes), substitute(self.right, sizes), self.operation, self.place
        )

    @property
    def reason(self) -> str:
        """What demands it: the operation, both sizes, and its place in the graph."""
        return f"{self.operation} of [{self.left}] and [{self.right}] at `{self.place}`"

    def simplified(self) -> Iterator[Condition]:
        """Yields conditions that say the same in fewer words: common factors, which are never 0, left out."""
        left, right = without_common_factors(self.left, self.right)
        pairs = whole_parts(left, right) if self.relation == "equal" else None
        if self.relation == "alike":
            yield self
        else:
            for one, other in pairs or [(left, right)]:
                yield Condition(self.relation, one, other, self.operation, self.place)

    def __str__(self) -> str:
        if self.relation == "alike":
            return f"{self.left} == {self.right} or {self.left} == 1 or {self.right} == 1"
        difference = self.left - self.right
        remainder = str(difference)
        if self.relation == "equal" and " % " in remainder:
            return f"{remainder} == 0"
        return f"{self.left} {_SIGNS[self.relation]} {self.right}"
