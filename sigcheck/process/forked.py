"""Forked: parts of one work in processes that begin as copies of this one.

A copy knows all that was made before it, so that nothing has to be sent to it, and what it sends back names
what both know instead of holding it.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Done = TypeVar("Done")

# The work of a copy, by the number of its part, and the numbers of what both know, by their ids: set before the
# copies are made, because a function that is no name of a module cannot be sent.
_SHARED: dict[str, Any] = {}


def can_fork() -> bool:
    """Whether this process may be copied.

    Elsewhere than on Linux system libraries do not bear it, and neither does TensorFlow with its threads.
    """
    return sys.platform == "linux" and "tensorflow" not in sys.modules


def map_forked(work: Callable[[int], Done], count: int, known: Sequence[object], processes: int) -> Iterator[Done]:
    """Yields what the work makes of each number below `count`, in their order.

    `known` are objects that results may hold: they are found again, and not copied. Raises BrokenProcessPool
    where a process is ended from outside.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    _SHARED.update(work=work, numbers={id(one): number for number, one in enumerate(known)})
    try:
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            done = pool.map(_work, range(count))
            # All copies are made as soon as there is work for them, and they alone need the numbers.
            del _SHARED["numbers"]
            for content in done:
                yield _Unpickler(content, known).load()
    finally:
        _SHARED.clear()


def _work(number: int) -> bytes:
    content = io.BytesIO()
    _Pickler(content, _SHARED["numbers"]).dump(_SHARED["work"](number))
    return content.getvalue()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, numbers: dict[int, int]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._numbers = numbers

    def persistent_id(self, value: object) -> int | None:
        return self._numbers.get(id(value))


class _Unpickler(pickle.Unpickler):
    def __init__(self, content: bytes, known: Sequence[object]) -> None:
        super().__init__(io.BytesIO(content))
        self._known = known

    def persistent_load(self, number: int) -> object:
        return self._known[number]
