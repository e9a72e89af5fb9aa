"""Passed over: which columns of the data are not observed: those that are no tensors, and those nobody asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sigcheck.schema.observation import LeftOut

# Of what is told of columns.
_MOST_NAMED = 5
EXPECTED = "expected numbers, texts or lists of them"


class PassedOver:
    """Columns by name, what they are where they are no tensors. Two merge in any order to the same.

    >>> passed = PassedOver()
    >>> passed.add({"day": "date32[day]"}, ["id"])
    >>> passed.missed(["age", "day"], ["height"])
    ("no 'age' in the data, which has day, height, id. Name one of these.", "day: date32[day], expected numbers, texts or lists of them. Convert the column.")
    """  # noqa: E501  # a doctest is one line

    __slots__ = ("_found", "_others")

    def __init__(self) -> None:
        """No column yet."""
        self._found: dict[str, set[str]] = {}
        self._others: set[str] = set()

    def add(self, left_out: Mapping[str, str], others: Collection[str]) -> None:
        """Adds columns that are no tensors, by name what they are, and those that were not asked for."""
        for name, found in left_out.items():
            self._found.setdefault(name, set()).add(found)
        self._others.update(others)

    def merge(self, other: PassedOver) -> None:
        """Adds what others have passed over."""
        for name, found in other._found.items():
            self._found.setdefault(name, set()).update(found)
        self._others |= other._others

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The columns that are no tensors, in order."""
        return tuple(
            LeftOut(name=name, found=found) for name in sorted(self._found) for found in sorted(self._found[name])
        )

    def missed(self, only: Sequence[str], tensors: Collection[str]) -> tuple[str, ...]:
        """What is wrong with names that are asked for, a line for each; `tensors` are those that were observed."""
        told = []
        known = sorted({*tensors, *self._found, *self._others})
        for name in only:
            if name in self._found:
                found = ", ".join(sorted(self._found[name]))
                told.append(f"{name}: {found}, {EXPECTED}. Convert the column.")
            elif name not in tensors:
                near = ", ".join(known[:_MOST_NAMED]) or "nothing"
                more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
                told.append(f"no {name!r} in the data, which has {near}{more}. Name one of these.")
        return tuple(told)
