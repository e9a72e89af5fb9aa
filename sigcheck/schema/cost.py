"""Cost: a vector, compared from its first component on and added component by component.

Cheapest therefore means: lose least, make up least, assume least, guard least, move least.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering
from typing import Literal

Loss = Literal["exact", "rounding", "truncating", "irreversible"]

# From harmless to worst. Rounding keeps every value to within the precision of the
# result; truncating drops some values; irreversible keeps no way back for any.
LOSSES: tuple[Loss, ...] = ("exact", "rounding", "truncating", "irreversible")


@total_ordering
@dataclass(frozen=True, slots=True)
class Cost:
    """(irreversible, truncating, inventions, rounding, assumptions, guards, bytes moved, steps).

    Inventions stand before rounding: a value that is off by its last digit is better than one
    that nobody gave.
    """

    irreversible: int = 0
    truncating: int = 0
    inventions: int = 0
    rounding: int = 0
    assumptions: int = 0
    guards: int = 0
    bytes_moved: int = 0
    steps: int = 0

    def __add__(self, other: Cost | int) -> Cost:
        # networkx starts a path at the number 0.
        if not isinstance(other, Cost):
            return self if other == 0 else NotImplemented
        return Cost(
            self.irreversible + other.irreversible,
            self.truncating + other.truncating,
            self.inventions + other.inventions,
            self.rounding + other.rounding,
            self.assumptions + other.assumptions,
            self.guards + other.guards,
            self.bytes_moved + other.bytes_moved,
            self.steps + other.steps,
        )

    __radd__ = __add__

    def __lt__(self, other: Cost | int) -> bool:
        if not isinstance(other, Cost):
            return False if other == 0 else NotImplemented
        return (*self.meaning, self.bytes_moved, self.steps) < (*other.meaning, other.bytes_moved, other.steps)

    @property
    def meaning(self) -> tuple[int, int, int, int, int, int]:
        """What the values pay: all but the work of moving them."""
        return (
            self.irreversible,
            self.truncating,
            self.inventions,
            self.rounding,
            self.assumptions,
            self.guards,
        )


FREE = Cost()
