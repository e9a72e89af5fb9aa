"""Judged: what is known of the constraints of sizes once they are held against what is fed.

All that a check of models without sizes needs of them: it loads no arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sigcheck.schema.size_text import names_of

if TYPE_CHECKING:
    from sigcheck.sizes.expression import Expression
    from sigcheck.sizes.stated import Stated

# An axis of an input.
Place = tuple[str, int]


class Unmet(NamedTuple):
    """A constraint that the sizes fail: where they are fed, what they are, and the nearest that would do.

    A size that is fed is a number, or the text of an expression that fails whatever the producer is fed.
    """

    holds: str
    places: tuple[Place, ...]
    sizes: tuple[tuple[str, int | str], ...]
    because: tuple[str, ...] = ()
    nearest: tuple[int, ...] = ()

    @property
    def given(self) -> str:
        """The sizes as they are told: `height = 30, width = 30`."""
        return ", ".join(f"{size} = {number}" for size, number in self.sizes)


@dataclass(frozen=True)
class Open:
    """A constraint of sizes that are not known yet: the inputs that it is of, and what it demands of the producer's.

    `test` says it over names that stand at `places`, so that it can be asserted where it is fed; `follows`
    says it of the sizes of the producer's own inputs, where these decide it.
    """

    holds: str
    inputs: tuple[str, ...]
    test: str = field(default="", compare=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    follows: Stated | None = field(default=None, compare=False)

    @property
    def is_assertable(self) -> bool:
        """Whether each of its names is the size of some axis that is fed."""
        return bool(self.places) and names_of(self.test) <= self.places.keys()


class Asserted(NamedTuple):
    """A size on the way to an input that a guard of its plan asserts to be a number."""

    axis: int
    size: Expression
    number: int
    reason: str


@dataclass(frozen=True)
class Judged:
    """The constraints that fail, and those that nobody can tell yet.

    `asserted` are those of sizes that a guard asserts anyhow. `sizes` has for each name of a size what it
    is fed, where that follows from the producer's sizes, or is a number.
    """

    unmet: tuple[Unmet, ...] = ()
    undecided: tuple[Open, ...] = ()
    asserted: tuple[Open, ...] = field(default=(), compare=False)
    sizes: Mapping[str, Expression] = field(default_factory=dict, compare=False)


NO_SIZES = Judged()
