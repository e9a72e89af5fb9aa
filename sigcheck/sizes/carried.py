"""Carried: the sizes of a pipeline's later models, as what follows from the inputs of its first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sigcheck.schema.constraint import Constraint, NamedSizes, told_reasons
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_text import MOST_CHARACTERS, names_in, parse_size
from sigcheck.sizes.expression import Expression
from sigcheck.sizes.feed import stated_of
from sigcheck.sizes.judged import Judged
from sigcheck.sizes.stated import expressed
from sigcheck.sizes.summary import summarize


@dataclass(frozen=True)
class Carried:
    """What the models so far demand of the first one's inputs, and the sizes of the last one's own by name."""

    inputs: tuple[Endpoint, ...]
    constraints: tuple[Constraint, ...] = ()
    sizes: Mapping[str, Expression] = field(default_factory=dict)

    def put_in(self, outputs: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
        """The outputs of the last model with their sizes said over the inputs of the first."""
        return tuple(one.model_copy(update={"sizes": self._over(one.sizes)}) for one in outputs)

    def _over(self, sizes: NamedSizes | None) -> NamedSizes | None:
        if sizes is None:
            return None
        told = tuple(self._size(one) if isinstance(one, str) else one for one in sizes)
        return told if any(one is not None for one in told) else None

    def _size(self, text: str) -> int | str | None:
        tree = parse_size(text)
        if not names_in(tree) <= self.sizes.keys():
            return None
        try:
            found = expressed(tree, self.sizes)
        except (ValueError, ArithmeticError):
            return None
        told = str(found)
        return found.number if found.number is not None else told if len(told) <= MOST_CHARACTERS else None

    def behind(self, judged: Judged, place: str) -> Carried:
        """The same behind one more model, whose inputs were judged; `place` is what that one is called."""
        demands = [
            Constraint(holds=text, because=(f"{place}: {one.holds}",), tier="proved")
            for one in (*judged.asserted, *judged.undecided)
            if one.follows is not None and len(text := str(one.follows)) <= MOST_CHARACTERS
        ]
        return Carried(self.inputs, (*self.constraints, *demands), judged.sizes)


def said_together(constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """The constraints in the fewest words, each with all that demands it; as they are where no size meets them.

    >>> told = said_together([Constraint(holds="h % 4 == 0"), Constraint(holds="h // 2 % 4 == 0")])
    >>> [one.holds for one in told]
    ['h % 8 == 0']
    """
    demands = stated_of(constraints)
    found = None if len(demands) < len(constraints) else summarize(demands)
    if found is None:
        return tuple(constraints)
    return tuple(
        Constraint(
            holds=one.holds, because=told_reasons(why for each in one.conditions for why in each.because), tier="proved"
        )
        for one in found
        if len(one.holds) <= MOST_CHARACTERS
    )
