"""Reach: which addresses may be asked, for how long, and for how many bytes.

A person who names an address asks for that address. What a file of a repository names is asked
for by nobody: `Permission` says whether a person lets it be opened, and then its host alone.
"""

from __future__ import annotations

import ipaddress
import sys
import threading
import time
from dataclasses import dataclass, field

from sigcheck.schema.errors import SourceError

# Of one address: signatures stand in kilobytes; a graph that is read whole is some hundred MB, a minute of a fair line.
MAX_SECONDS = 60.0
MAX_BYTES = 256 << 20
# Of all addresses of a call.
MAX_SECONDS_IN_SUM = 300.0
MAX_BYTES_IN_SUM = 1 << 30

# Addresses of IPv4 in those of a gateway to it (RFC 6052).
_GATEWAY = ipaddress.ip_network("64:ff9b::/96")


class Budget:
    """What may still be fetched, shared by threads; the time runs from the first request on, or anew from each."""

    def __init__(
        self,
        seconds: float = MAX_SECONDS,
        most_bytes: int = MAX_BYTES,
        whole: Budget | None = None,
        *,
        is_of_each: bool = False,
    ) -> None:
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._whole = whole
        self._is_of_each = is_of_each
        self._end: float | None = None
        self._taken = 0
        self._lock = threading.Lock()

    @classmethod
    def of_data(cls) -> Budget:
        """The budget of data that a person names, which is read to its end: only the wait for each part is bounded."""
        return cls(most_bytes=sys.maxsize, is_of_each=True)

    def part(self) -> Budget:
        """The budget of one address, within this one."""
        return Budget(whole=self)

    def seconds_left(self, place: str) -> float:
        """The seconds that a request to the place may take. Raises SourceError where there are none."""
        if self._is_of_each:
            return self._seconds
        with self._lock:
            self._end = time.monotonic() + self._seconds if self._end is None else self._end
            left = self._end - time.monotonic()
        if self._whole is not None:
            left = min(left, self._whole.seconds_left(place))
        if left <= 0:
            raise self.too_slow(place)
        return left

    def take(self, count: int, place: str) -> None:
        """Counts bytes that came. Raises SourceError where they are more than may come."""
        with self._lock:
            self._taken += count
            is_over = self._taken > self._most_bytes
        if is_over:
            raise SourceError(place, f"over {self._most_bytes >> 20} MiB from afar. Copy it to this machine.")
        if self._whole is not None:
            self._whole.take(count, place)

    def too_slow(self, place: str) -> SourceError:
        """The error about a server that has taken all the time there is."""
        return SourceError(place, f"not read within {self._seconds:g} s. Try again, or copy it to this machine.")


@dataclass(frozen=True)
class Reach:
    """What one address may lead to.

    `may_leave`: a redirect to another public host is followed. `is_private`: the host that is named may
    be one of this machine or of a network of its own, and may be asked without encryption.
    """

    may_leave: bool = False
    is_private: bool = False
    budget: Budget = field(default_factory=Budget)


def named() -> Reach:
    """What a person who names an address allows by it."""
    return Reach(may_leave=True, is_private=True)


def is_public(host: str) -> bool:
    """Whether a number such as 93.184.216.34 is an address of the public internet."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        address = _inner(address)
    return address.is_global and not address.is_multicast


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of IPv4 that one of IPv6 stands for, where it does."""
    if address in _GATEWAY:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)
