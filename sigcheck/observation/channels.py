"""Channels: the numbers of a tensor, all together and those of each index of its last axis."""

from __future__ import annotations

from copy import copy

import numpy as np

from sigcheck.observation.column import Array
from sigcheck.observation.counted import counted
from sigcheck.observation.numbers import Numbers, numbers_of_counts, numbers_of_rows
from sigcheck.schema.observation import NumbersObserved

# A last axis of more entries is none of channels or columns that anybody reads one by one.
_MOST_CHANNELS = 64


class Channels:
    """Numbers of a tensor; by channel, as long as all rows have as many of them."""

    __slots__ = ("_each", "all", "values")

    def __init__(self, flat: Array, width: int) -> None:
        """Contiguous numbers of one axis that were rows of `width` entries."""
        if flat.dtype.kind == "b":
            flat = flat.view(np.uint8)
        self.all = Numbers(flat.dtype)
        self._each: list[Numbers] = []
        # Numbers among which all different ones are: where they are few, few.
        self.values = flat
        channels = width if has_channels(width) else 1
        counts = counted(flat, channels) if flat.dtype.kind in "iu" and len(flat) else None
        if counts is not None:
            self._each = numbers_of_counts(counts)
            self.values = counts.values[counts.of_all > 0]
        elif channels > 1:
            self._each = numbers_of_rows(np.ascontiguousarray(flat.reshape(-1, width).T))
        for one in self._each:
            self.all.merge(one)
        if not self._each:
            self.all.add(flat)
        elif counts is not None:
            self.all.count_bins(self.values, counts.of_all[counts.of_all > 0])
        else:
            self.all.count_bins(flat)
        if channels == 1:
            self._each = []

    def forget(self) -> None:
        """Lets go of `values`, which were asked for."""
        self.values = self.values[:0].copy()

    def merge(self, other: Channels) -> None:
        """Adds what another has seen."""
        self.all.merge(other.all)
        if len(self._each) != len(other._each):
            self._each = []
        for mine, theirs in zip(self._each, other._each, strict=False):
            mine.merge(theirs)

    def taken_for(self, dtype: np.dtype[np.generic]) -> Channels | None:
        """The same numbers in another dtype; None where it has not all of them."""
        return copy(self).convert(dtype) if self.all.fit(dtype) else None

    def convert(self, dtype: np.dtype[np.generic]) -> Channels:
        """Takes all numbers for those of a dtype that they fit, and gives itself."""
        self.all, *self._each = (one.taken_for(dtype) for one in (self.all, *self._each))
        return self

    def observed(self) -> tuple[NumbersObserved, ...]:
        """What was seen of each channel; nothing where rows had other numbers of them."""
        return tuple(one.observed() for one in self._each)


def has_channels(width: int) -> bool:
    """Whether the entries of a last axis of this size are looked at one by one."""
    return 1 < width <= _MOST_CHANNELS
