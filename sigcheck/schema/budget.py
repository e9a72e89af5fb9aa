"""Budget: how much work the reading of one source may take in all, whatever is in the file.

Each part of a reader has limits of its own. A file can make them multiply: a thousand signatures
that share a thousand tensors, fifty that each lead through the same hundred thousand edges. So
all parts spend from one budget, which is opened where a source is opened and found without being
passed on. It counts steps, not seconds, so that a file is refused or read alike on every machine;
seconds of computing are looked at too, for what the count of steps gets wrong.

Loops spend in portions: a call for each turn would be half of their time.

A command reads all the models of a project, and limits of files multiply by their number: what all of them take
comes off the one budget of the call.
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
GRAPH_STEPS = 700_000
# For all files of a call: a hundred of the largest networks, or a hundred thousand signature files; two minutes.
CALL_STEPS = 60_000_000
# What stays of each input and output until all models are read: some two kilobytes, 300,000 of them in a call.
_STEPS_OF_KEPT = 200
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


class CallLimitError(LimitError):
    """A source that is not looked at, because those before it took all that one call may take."""


class Budget:
    """What is left for one source."""

    __slots__ = ("_end", "_is_large", "_left", "_look", "_place", "_steps")

    def __init__(self, place: str, steps: int = STEPS) -> None:
        """A budget of so many steps; `place` is what messages call the source."""
        self._place = place
        self._left = self._steps = steps
        self._look = steps - _STEPS_BETWEEN_LOOKS
        # The clock starts when it is first looked at: most sources are small, and asking for the time takes longer.
        self._end: float | None = None
        self._is_large = False

    @property
    def spent(self) -> int:
        """The steps that were taken."""
        return self._steps * (_TIMES_IF_LARGE if self._is_large else 1) - self._left

    def spend(self, steps: int) -> None:
        """Takes steps off. Raises LimitError where none are left, now and at every later call."""
        self._left -= steps
        if self._left > self._look:
            return
        self._look = self._left - _STEPS_BETWEEN_LOOKS
        now = time.thread_time()
        self._end = now + _MOST_SECONDS if self._end is None else self._end
        if self._left < 0 or now > self._end:
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


class _Call:
    """What is left for all sources of a call."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps


_OPEN: ContextVar[Budget | None] = ContextVar("budget", default=None)
_CALL: ContextVar[_Call | None] = ContextVar("call", default=None)


@contextmanager
def bounded_call(steps: int = CALL_STEPS) -> Iterator[None]:
    """Opens a budget for all sources that are read within. One that is open already stays."""
    token = _CALL.set(_CALL.get() or _Call(steps))
    try:
        yield
    finally:
        _CALL.reset(token)


@contextmanager
def bounded(place: str, size: int = 0, steps: int = STEPS) -> Iterator[Budget]:
    """Opens a budget for what runs within, of a file of `size` bytes, where that is known.

    One that is open already stays the one that is spent. Raises CallLimitError where the call has nothing left.
    """
    outer = _OPEN.get()
    if outer is not None:
        outer.allow_size(size)
        yield outer
        return
    call = _CALL.get()
    if call is not None and call.left < 0:
        raise CallLimitError(
            place,
            "is not looked at: the files before it took all that one call may take. Check fewer models at once.",
        )
    budget = Budget(place, steps)
    budget.allow_size(size)
    token = _OPEN.set(budget)
    try:
        yield budget
    finally:
        _OPEN.reset(token)
        if call is not None:
            call.left -= budget.spent


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


def left_of_call() -> int:
    """The steps that all sources of the open call may still take; 0 without one."""
    call = _CALL.get()
    return 0 if call is None else call.left


def spend_of_call(steps: int) -> None:
    """Takes off the open call what sources took that were read in another process."""
    call = _CALL.get()
    if call is not None:
        call.left -= steps


def keep_endpoints(count: int) -> None:
    """Takes off the open call what so many inputs and outputs are that stay until it ends."""
    call = _CALL.get()
    if call is not None:
        call.left -= _STEPS_OF_KEPT * count
