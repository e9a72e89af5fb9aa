"""Freed memory: what one batch is done with serves the next.

The C library of Linux gives blocks of more than 128 KiB back to the system as soon as they are freed, until a larger
one was: then it keeps up to twice as much (mallopt(3), M_MMAP_THRESHOLD). Pages that come anew with every array cost a
sixth of the time that records take.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

# Larger than the arrays of a batch of records.
_BYTES = 1 << 24


@lru_cache(maxsize=1)
def keep_freed_memory() -> None:
    """Has the C library keep so much of what is freed, where it has such a rule. Nothing is written to the block."""
    np.empty(_BYTES, np.uint8)
