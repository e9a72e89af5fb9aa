"""Progress: a sign of life on stderr, where work takes long and somebody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sigcheck.schema.address import masked
from sigcheck.schema.printable import printable

if TYPE_CHECKING:
    from rich.progress import Progress

# Work that ends sooner needs no display, and should not pay for one.
PATIENCE_SECONDS = 1.0


@contextmanager
def shown_progress(message: str, total: int = 1) -> Iterator[Callable[[], None]]:
    """Shows the message while the block runs for longer than a second on a terminal.

    Where there is more than one thing to do, the block calls what it is given after each, and a
    bar shows how many are done.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield _ignore
        return
    display = _Display(printable(masked(message)), total)
    timer = threading.Timer(PATIENCE_SECONDS, display.start)
    timer.daemon = True
    timer.start()
    try:
        yield display.advance
    finally:
        timer.cancel()
        display.stop()


def _ignore() -> None:
    """Where nobody watches, nothing is counted."""


class _Display:
    """A spinner, or a bar, that another thread starts."""

    def __init__(self, message: str, total: int) -> None:
        self._message, self._total, self._done = message, total, 0
        self._lock = threading.Lock()
        self._is_over = False
        self._bar: Progress | None = None

    def start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
        from rich.table import Column

        message = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1))
        counts = (BarColumn(), MofNCompleteColumn()) if self._total > 1 else ()
        with self._lock:
            if self._is_over:
                return
            columns = (SpinnerColumn(), message, *counts)
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True, expand=True)
            self._bar.add_task(self._message, total=self._total, completed=self._done)
            self._bar.start()

    def advance(self) -> None:
        with self._lock:
            self._done += 1
            if self._bar is not None:
                self._bar.advance(self._bar.task_ids[0])

    def stop(self) -> None:
        with self._lock:
            self._is_over = True
            if self._bar is not None:
                self._bar.stop()
