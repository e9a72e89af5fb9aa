"""Collection: the cyclic garbage collector, kept out of a search that is bounded and short.

A search makes some ten thousand objects that live until its end, so that collections find nothing.
In a process that has TensorFlow loaded a full one takes longer than the search itself.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Answers that one function keeps for later searches. Each full collection walks through all that is kept: eight times
# as many were found hardly more often, and were three quarters of what a collection went through.
MOST_REMEMBERED = 512


def collect_new() -> None:
    """Frees what was made since the last collection and lies in circles that nobody reaches.

    For long work without collections: each object is looked at once.
    """
    gc.collect(0)


@contextmanager
def without_collection() -> Iterator[None]:
    """Nothing is collected inside, unless by a call; a collector that was off before stays off."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
