"""Rows: what is kept of whole rows: whether they sum to one, how long they are, with what they are padded."""

from __future__ import annotations

from collections import Counter

import numpy as np

from sigcheck.observation.column import Array
from sigcheck.schema.observation import PaddingObserved

# Rounding of a softmax over many classes in half precision.
_SUM_TOLERANCE = 1e-2
# Rows that end in ever other values are not padded.
_MOST_RUNS = 1 << 16
_MATRIX = 2
# A single one of these at the end is padding too, if it is that of other rows. Of other values only two and more
# are looked at: all last tokens of a vocabulary are too many to keep.
_FILLERS = (0, 1, -1)
# Two values alike at the end of a smaller share of the rows are so by chance; of other values than these it is not
# known how many rows end in one.
_FEW, _CHANCE = 0.02, 0.1
_Run = tuple[str, float, int, int]


class Sums:
    """Whether no entry of any last axis is negative, and each sums to one."""

    __slots__ = ("holds",)

    def __init__(self) -> None:
        """Nothing seen yet."""
        self.holds: bool | None = None

    def add(self, values: Array) -> None:
        """Adds floats of at least two axes, the last of at least two entries."""
        if self.holds is False or not values.size:
            return
        # Rows of infinities or of the largest numbers have no sum, nor is it one.
        with np.errstate(invalid="ignore", over="ignore"):
            sums = values.sum(axis=-1, dtype=np.float64)
        self.holds = bool(np.all(np.abs(sums - 1) <= _SUM_TOLERANCE)) and not bool((values < 0).any())

    def merge(self, other: Sums) -> None:
        """Adds what another has seen."""
        if self.holds is None or other.holds is False:
            self.holds = other.holds


class Lengths:
    """How many rows have which length, and of dense rows the runs of one value at their ends."""

    __slots__ = ("_is_over", "_runs", "_widths")

    def __init__(self) -> None:
        """No row yet."""
        self._widths: Counter[int] = Counter()
        self._runs: Counter[_Run] = Counter()
        self._is_over = False

    def add_widths(self, lengths: Array | None) -> None:
        """Adds rows of these lengths, of which no run is looked at; None of rows that are no lists."""
        if lengths is not None and len(lengths):
            if (lengths == lengths[0]).all():
                self._widths[int(lengths[0])] += len(lengths)
                return
            widths, counts = np.unique(lengths, return_counts=True)
            self._widths.update(dict(zip(widths.tolist(), counts.tolist(), strict=True)))

    def add(self, values: Array) -> None:
        """Adds rows of numbers, of shape [rows, length]."""
        rows, width = values.shape
        self._widths[width] += rows
        if self._is_over or not rows or width < _MATRIX:
            return
        for side, turned in (("post", values[:, ::-1]), ("pre", values)):
            # Compared, not looked up: the table of NumPy 1.26 holds no uint64 beside signed numbers.
            is_filler = np.isin(turned[:, 0], _FILLERS, kind="sort")
            alike = turned[(turned[:, 0] == turned[:, 1]) | is_filler]
            if not len(alike):
                continue
            differs = alike != alike[:, :1]
            run = np.where(differs.any(axis=1), differs.argmax(axis=1), width)
            pairs, counts = np.unique(np.stack([alike[:, 0].astype(np.float64), run]), axis=1, return_counts=True)
            for (value, length), count in zip(pairs.T.tolist(), counts.tolist(), strict=True):
                self._runs[side, value, width, int(length)] += count
        self._end_where_many()

    def merge(self, other: Lengths) -> None:
        """Adds what another has seen."""
        self._widths.update(other._widths)
        self._runs.update(other._runs)
        self._is_over = self._is_over or other._is_over
        self._end_where_many()

    def vary_with(self, lengths: Array) -> bool:
        """Whether rows are of several lengths once these are added, at least one."""
        first = int(lengths[0])
        return len(self._widths.keys() | {first}) > 1 or not bool((lengths == first).all())

    @property
    def vary(self) -> bool:
        """Whether rows are of several lengths."""
        return len(self._widths) > 1

    def padding(self) -> PaddingObserved | None:
        """The value and side that most rows end in, twice or more; None where none does."""
        rows: Counter[tuple[str, float]] = Counter()
        single: Counter[tuple[str, float]] = Counter()
        # Rows of one value alone are rows of that value, unless others are filled up with it.
        within: Counter[tuple[str, float]] = Counter()
        for (side, value, width, run), count in self._runs.items():
            (rows if run > 1 else single)[side, value] += count
            within[side, value] += count if 1 < run < width else 0
        all_rows = sum(self._widths.values())
        # A last entry that is the same in all rows is a feature of them: that others beside it are like it is chance.
        least = {end: max(single[end], _FEW * all_rows) if end[1] in _FILLERS else _CHANCE * all_rows for end in rows}
        rows = Counter({end: count for end, count in rows.items() if count >= least[end] and within[end]})
        # Rows of which all are as long without it have columns that are the same in all, and nothing is filled up.
        rows = Counter({end: count for end, count in rows.items() if self._varies_without(*end)})
        if self._is_over or not rows:
            return None
        (side, value), count = max(rows.items(), key=lambda one: (one[1], one[0][0] == "post", -abs(one[0][1])))
        return PaddingObserved(value=value, side="post" if side == "post" else "pre", rows=count)

    def without(self, padding: PaddingObserved | None) -> tuple[tuple[int, int], ...]:
        """(length, rows) of all rows, without what they are padded with."""
        found = Counter(self._widths)
        for (side, value, width, run), count in self._runs.items():
            if padding is not None and (side, value) == (padding.side, padding.value):
                found[width] -= count
                found[width - run] += count
        return tuple(sorted((length, count) for length, count in found.items() if count))

    def _varies_without(self, side: str, value: float) -> bool:
        """Whether rows are of several lengths without the run of a value at their end."""
        found = Counter(self._widths)
        for (of_side, of_value, width, run), count in self._runs.items():
            if (of_side, of_value) == (side, value):
                found[width] -= count
                found[width - run] += count
        return sum(count > 0 for count in found.values()) > 1

    def _end_where_many(self) -> None:
        if len(self._runs) > _MOST_RUNS:
            self._is_over = True
            self._runs.clear()
