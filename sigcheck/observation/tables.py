"""Tables: in how many rows a tensor is missing, though no batch or file that lacks it says so.

What has a tensor in common is one table: batches of a file, files of a folder. Of a table the rows are counted, and of
each tensor those in which it was looked for; in the others it is missing. Data without a common tensor, as pictures
and a list of labels, are different tables: neither is missing in the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping


class Tables:
    """Counts of rows by table. Two merge in any order to the same; what is kept grows with the tensors, not the data.

    >>> tables = Tables()
    >>> tables.add(4096, {"x": 4096})
    >>> tables.add(1, {"x": 1, "y": 1})
    >>> tables.lacking("x"), tables.lacking("y")
    (0, 4096)
    """

    __slots__ = ("_looked_for", "_near", "_rows")

    def __init__(self) -> None:
        """No row yet."""
        # Of each tensor another one of its table, nearer to the one that stands for all, which is its own.
        self._near: dict[str, str] = {}
        self._rows: Counter[str] = Counter()
        self._looked_for: Counter[str] = Counter()

    def add(self, rows: int, looked_for: Mapping[str, int]) -> None:
        """Adds rows of one table, and in how many of them each tensor has a value, or is known to have none."""
        self._join(rows, looked_for)
        self._looked_for.update(looked_for)

    def merge(self, other: Tables) -> None:
        """Adds the rows that another has counted."""
        members: dict[str, list[str]] = {}
        for name in other._near:
            members.setdefault(other._first(name), []).append(name)
        for first, names in members.items():
            self._join(other._rows[first], names)
        self._looked_for.update(other._looked_for)

    def lacking(self, name: str) -> int:
        """In how many rows of its table nobody looked for the tensor."""
        return self._rows[self._first(name)] - self._looked_for[name] if name in self._near else 0

    def _join(self, rows: int, names: Iterable[str]) -> None:
        firsts = {self._first(self._near.setdefault(name, name)) for name in names}
        if not firsts:
            return
        kept, *others = firsts
        for one in others:
            self._near[one] = kept
            self._rows[kept] += self._rows.pop(one, 0)
        self._rows[kept] += rows

    def _first(self, name: str) -> str:
        first = name
        while self._near[first] != first:
            first = self._near[first]
        # The way is short the next time.
        while self._near[name] != first:
            self._near[name], name = first, self._near[name]
        return first
