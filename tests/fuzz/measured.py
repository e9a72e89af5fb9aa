"""What the reading of a file takes: seconds of computing, and bytes of memory at its peak."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sigcheck.schema.errors import SigcheckError

_CLEAR, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
# Sets the peak that the system keeps back to what is used now (Linux, proc(5)).
_RESET_PEAK = "5"


_BETWEEN_COLLECTIONS = 20
_readings = 0


class Measured(NamedTuple):
    """How a reading ended: with the one error, or with a value; what it took; what it raised that it should not."""

    refusal: str | None
    seconds: float
    peak_bytes: int
    raised: str | None = None


def can_measure_memory() -> bool:
    """Whether the system tells the peak of one reading."""
    try:
        _CLEAR.write_text(_RESET_PEAK, encoding="ascii")
    except OSError:
        return False
    return "VmHWM" in _STATUS.read_text(encoding="ascii")


def measure(read: Callable[[], object]) -> Measured:
    """Runs a reading once. The memory is what it adds to what was used before."""
    # Each takes as long as a reading: what is left over of a few readings is little.
    global _readings  # noqa: PLW0603  # one process, one count
    _readings += 1
    if _readings % _BETWEEN_COLLECTIONS == 0:
        gc.collect()
    _CLEAR.write_text(_RESET_PEAK, encoding="ascii")
    before = _used("VmRSS")
    refusal = raised = None
    begin = time.thread_time()
    try:
        read()
    except SigcheckError as error:
        refusal = str(error)
    except Exception as error:  # noqa: BLE001  # that anything else is raised is what is looked for
        raised = f"{type(error).__name__}: {str(error)[:200]}"
    seconds = time.thread_time() - begin
    return Measured(refusal, seconds, max(0, _used("VmHWM") - before), raised)


def _used(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"))
    return int(found[1]) * 1024 if found else 0
