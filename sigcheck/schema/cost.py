"""Cost: a vector, compared from its first component on and added component by component.

Cheapest therefore means: lose least, make up least, assume least, guard least, move least.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import add
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from pydantic_core.core_schema import CoreSchema

Loss = Literal["exact", "rounding", "truncating", "irreversible"]

# From harmless to worst. Rounding keeps every value to within the precision of the
# result; truncating drops some values; irreversible keeps no way back for any.
LOSSES: tuple[Loss, ...] = ("exact", "rounding", "truncating", "irreversible")


class Cost(NamedTuple):
    """(irreversible, truncating, inventions, rounding, assumptions, guards, bytes moved, steps).

    Inventions stand before rounding: a value that is off by its last digit is better than one
    that nobody gave. A tuple, since a search makes and compares some thirty for each pair.
    """

    irreversible: int = 0
    truncating: int = 0
    inventions: int = 0
    rounding: int = 0
    assumptions: int = 0
    guards: int = 0
    bytes_moved: int = 0
    steps: int = 0

    def __add__(self, other: object) -> Cost:
        # Most of what is added costs nothing.
        if other is FREE:
            return self
        # networkx starts a path at the number 0.
        if not isinstance(other, Cost):
            return self if other == 0 else NotImplemented
        return tuple.__new__(Cost, map(add, self, other))

    def __radd__(self, other: object) -> Cost:
        return self + other

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Cost):
            return False if other == 0 else NotImplemented
        return tuple.__lt__(self, other)

    def __gt__(self, other: object) -> bool:
        if not isinstance(other, Cost):
            return bool(any(self)) if other == 0 else NotImplemented
        return tuple.__gt__(self, other)

    @property
    def meaning(self) -> tuple[int, int, int, int, int, int]:
        """What the values pay: all but the work of moving them."""
        return self[:6]

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> CoreSchema:
        """A mapping of its parts by name, in what is written and in what is read."""
        from pydantic_core import core_schema

        part = core_schema.typed_dict_field(core_schema.int_schema(), required=False)
        written = core_schema.typed_dict_schema(dict.fromkeys(cls._fields, part), extra_behavior="forbid")
        return core_schema.union_schema(
            [
                core_schema.is_instance_schema(cls),
                core_schema.no_info_after_validator_function(cls._read, written),
            ],
            serialization=core_schema.plain_serializer_function_ser_schema(cls._asdict),
        )

    @classmethod
    def _read(cls, parts: Mapping[str, Any]) -> Cost:
        return cls(**parts)


FREE = Cost()
