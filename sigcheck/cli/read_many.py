"""Many models, read side by side: files by processes, because parsing is Python; what is far away by threads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SourceError
from sigcheck.stages.read_source import try_read

if TYPE_CHECKING:
    from sigcheck.schema.signature import Model

# Below these, starting processes takes longer than they save: some 0.5 s against 0.7 ms for each model, and
# 2.3 ms where its graph is looked at (1,000 SavedModels and Keras files, two cores).
LEAST_FOR_PROCESSES = 1500
LEAST_WITH_FACTS = 400
# More would wait for the disk.
_MOST_PROCESSES = 8
_MODELS_OF_A_TASK = 25
# Requests at one time, as browsers make to one host.
_CONNECTIONS = 6


def read_many(sources: Sequence[str], **chosen: Any) -> Iterator[Model | str]:
    """The model of each source, in their order, or in one line why it cannot be read.

    `chosen` are the key, the tags, `load` and `infer` of `sigcheck.read`; with `names` open sizes are named.
    """
    read = partial(try_read, **chosen)
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES)
    least = LEAST_WITH_FACTS if chosen["infer"] or chosen.get("names") else LEAST_FOR_PROCESSES
    # A model that is loaded has a process of its own already, and takes what memory there is.
    if len(sources) == 1 or chosen["load"]:
        yield from map(read, sources)
    elif any(map(is_address, sources)):
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_CONNECTIONS) as threads:
            yield from threads.map(read, sources)
    elif processes == 1 or len(sources) < least:
        yield from map(read, sources)
    else:
        yield from _read_in_processes(read, sources, processes)


def _read_in_processes(read: partial[Model | str], sources: Sequence[str], processes: int) -> Iterator[Model | str]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(read, sources, chunksize=_MODELS_OF_A_TASK)
        except BrokenProcessPool:
            problem = "a process that read models was ended from outside, perhaps for want of memory. Name fewer."
            raise SourceError(f"{len(sources)} sources", problem) from None
