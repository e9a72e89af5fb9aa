"""Interruption: a pipeline that somebody interrupts ends, whatever its workers still do.

Beam waits for its threads and processes until each is through with the element that it has, and that may be a file of
many gigabytes. A terminal interrupts the workers too; of a signal to this process alone they know nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

# Workers that can end by themselves do so sooner.
_PATIENCE = 5.0
# As the program ends where nobody has to be waited for.
_TOLD = b"sigcheck: interrupted\n"
_INTERRUPTED = 128 + signal.SIGINT


@contextmanager
def ended_when_interrupted(folder: str) -> Iterator[None]:
    """Ends the program some seconds after it was interrupted, if it still runs then, without the folder.

    Its workers in processes of their own are ended, too, where the system has a list of them. Only the main thread
    hears of an interruption; where another one runs the pipeline, or interruptions are handled otherwise, nothing is
    changed.
    """
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or before is not signal.default_int_handler:
        yield
        return
    timers: list[threading.Timer] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        timer = threading.Timer(_PATIENCE, _end, (folder,))
        timer.daemon = True
        timer.start()
        timers.append(timer)
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        for timer in timers:
            timer.cancel()


def _end(folder: str) -> None:
    for process in _begun_by(os.getpid()):
        with suppress(OSError):
            os.kill(process, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    os.write(2, _TOLD)
    os._exit(_INTERRUPTED)


def _begun_by(process: int) -> list[int]:
    """The processes that this one began, and those that they did; none where the system has no list of them."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # Behind the name of the program, which may have any characters, stand its state and its parent.
            parent = int(path.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found = [process]
    for one in found:
        found += children.get(one, [])
    return found[1:]
