"""Distinct: how many different values there are: exactly for ids below four million, else by a HyperLogLog sketch."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np

from sigcheck.observation.column import Array

# No vocabulary and no set of classes has as many.
_MOST_IDS = 1 << 22
# A standard error of 1.04 / sqrt(2**12), 1.6 percent.
_LOG2_REGISTERS = 12
# The sketch takes no notice of an empty string. No byte has the number of this character.
_EMPTY = "\u0100"
# NumPy copies indices to eight bytes each.
_CHUNK = 1 << 20


class Distinct:
    """A set of whole numbers from zero, and a sketch of all other values.

    Without the package `datasketches` other values are not counted, and `count` is None once there were some.
    """

    __slots__ = ("_has_others", "_seen", "_sketch")

    def __init__(self) -> None:
        """No value yet."""
        self._seen: Array = np.zeros(0, np.bool_)
        self._sketch: Any = None
        self._has_others = False

    def add(self, numbers: Array) -> None:
        """Adds whole numbers of one axis."""
        if not len(numbers):
            return
        low, high = int(numbers.min()), int(numbers.max())
        if low >= 0 and high < _MOST_IDS:
            self._room(high + 1)
            for at in range(0, len(numbers), _CHUNK):
                self._seen[numbers[at : at + _CHUNK]] = True
            return
        inside = (numbers >= 0) & (numbers < _MOST_IDS)
        self.add(numbers[inside])
        self._add_others(numbers[~inside].tolist())

    def add_text(self, text: bytes) -> None:
        """Adds a string."""
        # Each byte as the character of its number: no two strings become one.
        self._add_others([text.decode("latin-1") or _EMPTY])

    def __getstate__(self) -> tuple[Array, bytes | None, bool]:
        # Sketches are objects of C++, which say themselves how they are written.
        sketch = None if self._sketch is None else self._sketch.get_result().serialize_compact()
        return self._seen, sketch, self._has_others

    def __setstate__(self, state: tuple[Array, bytes | None, bool]) -> None:
        self._seen, sketch, self._has_others = state
        self._sketch = None
        if sketch is not None:
            from datasketches import hll_sketch

            self._sketch = _union()
            self._sketch.update(hll_sketch.deserialize(sketch))

    def merge(self, other: Distinct) -> None:
        """Adds what another has seen."""
        self._room(len(other._seen))
        self._seen[: len(other._seen)] |= other._seen
        self._has_others = self._has_others or other._has_others
        if other._sketch is not None:
            if self._sketch is None:
                self._sketch = _union()
            if self._sketch is not None:
                self._sketch.update(other._sketch.get_result())

    @property
    def count(self) -> int | None:
        """How many different values there were; None where they could not be counted."""
        if self._has_others and self._sketch is None:
            return None
        return int(self._seen.sum()) + (round(_estimate(self._sketch)) if self._has_others else 0)

    def _room(self, count: int) -> None:
        if count > len(self._seen):
            wider = np.zeros(max(count, min(2 * len(self._seen), _MOST_IDS)), np.bool_)
            wider[: len(self._seen)] = self._seen
            self._seen = wider

    def _add_others(self, values: Sequence[int | str]) -> None:
        if not self._has_others:
            self._has_others = True
            self._sketch = self._sketch or _union()
        if self._sketch is not None:
            # A value that comes again changes nothing, and costs less than to find it.
            deque(map(self._sketch.update, values), maxlen=0)


def _union() -> Any:
    try:
        from datasketches import hll_union
    except ImportError:
        return None
    return hll_union(_LOG2_REGISTERS)


def _estimate(sketch: Any) -> float:
    """The estimate by the registers alone: the one that a sketch keeps while it grows depends on the order."""
    registers = sketch.get_result()
    merged = _union()
    # Only what was merged is known to be out of order.
    merged.update(registers)
    merged.update(registers)
    return float(merged.get_estimate())
