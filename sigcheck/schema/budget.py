"""Budget: how much work the reading of one source may take in all, whatever is in the file.

Each part of a reader has limits of its own. A file can make them multiply: a thousand signatures
that share a thousand tensors, fifty that each lead through the same hundred thousand edges. So
all parts spend from one budget, which is opened where a source is opened and found without being
passed on. It counts steps, not seconds, so that a file is refused or read alike on every machine;
seconds of computing are looked at too, for what the count of steps gets wrong.

Loops spend in portions: a call for each turn would be half of their time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sigcheck.schema.errors import SourceError

# A step is about a microsecond, and leaves at most some 300 bytes in memory: a second and 200 MB.
STEPS = 800_000
# For what the graph of a model shows beside its signatures, of all of them together.
GRAPH_STEPS = 500_000
# A file that is large itself may take more: some five seconds.
LARGE_BYTES = 10 * 2**20
_TIMES_IF_LARGE = 5
# An input or output with its spec: its time, and the two kilobytes that it takes.
STEPS_OF_ENDPOINT = 25
# Of computing, not of waiting: a machine that is busy reads what an idle one reads.
_MOST_SECONDS = 8.0
_STEPS_BETWEEN_LOOKS = 20_000


class LimitError(SourceError):
    """A source that would take more work than any real one does."""


class Budget:
    """What is left for one source."""

    __slots__ = ("_end", "_is_large", "_left", "_look", "_place", "_steps")

    def __init__(self, place: str, steps: int = STEPS) -> None:
        """A budget of so many steps; `place` is what messages call the source."""
        self._place = place
        self._left = self._steps = steps
        self._look = steps - _STEPS_BETWEEN_LOOKS
        self._end = time.thread_time() + _MOST_SECONDS
        self._is_large = False

    def spend(self, steps: int) -> None:
        """Takes steps off. Raises LimitError where none are left, now and at every later call."""
        self._left -= steps
        if self._left > self._look:
            return
        self._look = self._left - _STEPS_BETWEEN_LOOKS
        if self._left < 0 or time.thread_time() > self._end:
            self._left = min(self._left, -1)
            self._look = self._left
            raise LimitError(
                self._place,
                "holds more than sigcheck looks at in one file, expected what a model needs. "
                "Export it smaller, or describe it by a signature file.",
            )

    def allow_size(self, size: int) -> None:
        """Adds what a large file may take, once."""
        if size >= LARGE_BYTES and not self._is_large:
            self._is_large = True
            self._left += (_TIMES_IF_LARGE - 1) * self._steps


_OPEN: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def bounded(place: str, size: int = 0, steps: int = STEPS) -> Iterator[Budget]:
    """Opens a budget for what runs within, of a file of `size` bytes, where that is known.

    One that is open already stays the one that is spent.
    """
    outer = _OPEN.get()
    if outer is not None:
        outer.allow_size(size)
        yield outer
        return
    budget = Budget(place, steps)
    budget.allow_size(size)
    token = _OPEN.set(budget)
    try:
        yield budget
    finally:
        _OPEN.reset(token)


def spend(steps: int) -> None:
    """Takes steps off the budget that is open; without one nothing is counted. Raises LimitError as it does."""
    budget = _OPEN.get()
    if budget is not None:
        budget.spend(steps)


def allow_size(size: int) -> None:
    """Tells the open budget how many bytes the file has that is opened."""
    budget = _OPEN.get()
    if budget is not None:
        budget.allow_size(size)
