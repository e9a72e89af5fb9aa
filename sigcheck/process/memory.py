"""Memory: what this process may take, where the system can say so (Linux).

Private writable memory is what counts (RLIMIT_DATA): libraries map much more address space than they use, so that a
limit of that (RLIMIT_AS) would stop them for nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def limit_of(more: int) -> int:
    """The limit under which this process may take so many bytes more than it has, and no more than it might before."""
    import resource

    status = Path("/proc/self/status").read_text(encoding="ascii")
    taken = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:"))
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    return taken + more if hard == resource.RLIM_INFINITY else min(taken + more, hard)


@contextmanager
def limited_memory(more: int) -> Iterator[None]:
    """What runs within raises MemoryError where this process takes so many bytes more, whoever asks for them."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    limit = limit_of(more)
    soft = limit if before[0] == resource.RLIM_INFINITY else min(limit, before[0])
    resource.setrlimit(resource.RLIMIT_DATA, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
