"""A lack of memory, whatever says so. Loaded first and imports little: it has to be there when nothing more fits."""

from __future__ import annotations

import errno

OUT_OF_MEMORY = "needs more memory than there is. Check fewer or smaller models, or give it more."
# What the loader of shared libraries, and an interpreter that could not say more, write.
_WORDS = ("failed to map segment", "annot allocate memory", "without setting an exception", "can't start new thread")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory was used up."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    return isinstance(error, ImportError | SystemError | RuntimeError) and any(word in str(error) for word in _WORDS)
