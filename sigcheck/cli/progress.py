"""Progress: a sign of life on stderr, where work takes long and somebody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Work that ends sooner needs no display, and should not pay for one.
PATIENCE_SECONDS = 1.0


@contextmanager
def shown_progress(message: str) -> Iterator[None]:
    """Shows the message while the block runs for longer than a second on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    status: list[Any] = []
    lock = threading.Lock()
    is_over = False

    def start() -> None:
        from rich.console import Console
        from rich.status import Status
        from rich.text import Text

        from sigcheck.schema.printable import printable

        with lock:
            if not is_over:
                status.append(Status(Text(printable(message)), console=Console(stderr=True)))
                status[0].start()

    timer = threading.Timer(PATIENCE_SECONDS, start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:
            is_over = True
            for one in status:
                one.stop()
