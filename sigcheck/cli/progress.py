"""Progress: a sign of life on stderr, where work takes long and somebody watches."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sigcheck.schema.address import masked
from sigcheck.schema.printable import printable
from sigcheck.schema.watcher import NOBODY, Watcher

if TYPE_CHECKING:
    from sigcheck.cli.progress_bar import ProgressBar

# Work that ends sooner needs no display, and should not pay for one.
PATIENCE_SECONDS = 1.0
# What says that nobody sits before a terminal: services that run builds set this, some beside a terminal of their own.
_UNWATCHED = "CI"


@contextmanager
def shown_progress(message: str, total: int = 1, unit: str = "", *, is_quiet: bool = False) -> Iterator[Watcher]:
    """Shows the message while the block runs for longer than a second on a terminal.

    The block tells what it is given how much is done. Of more than one part a bar shows how many of how many are
    done, how many a second, and how long the rest takes; `unit` is what they are, such as `links`, or `bytes`.
    """
    if is_quiet or not _is_watched():
        yield NOBODY
        return
    display = _Display(message, total, unit)
    timer = threading.Timer(PATIENCE_SECONDS, display.start)
    timer.daemon = True
    timer.start()
    try:
        yield display
    finally:
        timer.cancel()
        display.stop()


def _is_watched() -> bool:
    is_build = os.environ.get(_UNWATCHED, "").lower() not in {"", "0", "false"}
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not is_build


class _Display(Watcher):
    """A spinner, or a bar, that another thread starts."""

    def __init__(self, message: str, total: int, unit: str) -> None:
        self._work = (printable(masked(message)), total, unit)
        self._done = 0
        self._lock = threading.Lock()
        self._is_over = False
        self._bar: ProgressBar | None = None

    def start(self) -> None:
        from sigcheck.cli.progress_bar import ProgressBar

        with self._lock:
            if not self._is_over:
                self._bar = ProgressBar(*self._work, self._done)

    def begin(self, message: str, total: int, unit: str = "") -> None:
        with self._lock:
            self._work, self._done = (printable(masked(message)), total, unit), 0
            if self._bar is not None:
                self._bar.begin(*self._work)

    def advance(self, count: int = 1) -> None:
        with self._lock:
            self._done += count
            if self._bar is not None:
                self._bar.advance(count)

    def stop(self) -> None:
        with self._lock:
            self._is_over = True
            if self._bar is not None:
                self._bar.stop()
