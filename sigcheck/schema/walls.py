"""Walls: what a process that runs foreign code could not reach."""

from __future__ import annotations

from typing import Literal

from sigcheck.schema.value import Value

# files: it sees Python, its packages and what it is told to read, and writes to a folder in memory.
# network: it reaches no address, its own machine's included.
# processes: it sees none but its own, and all that it started ends with it.
# privileges: it has none, and cannot get any.
Wall = Literal["files", "network", "processes", "privileges"]
WALLS: tuple[Wall, ...] = ("files", "network", "processes", "privileges")


class Walls(Value):
    """The walls that stood around a process, as it measured them before it ran anything foreign.

    `by` is what put them up, and `reason` says why some are missing. Limits of time and of
    memory, and an environment without the caller's variables, are there with and without them.
    """

    by: Literal["bubblewrap"] | None = None
    standing: tuple[Wall, ...] = ()
    reason: str | None = None

    @property
    def missing(self) -> tuple[Wall, ...]:
        """The walls that did not stand."""
        return tuple(wall for wall in WALLS if wall not in self.standing)

    def __str__(self) -> str:
        why = f": {self.reason}" if self.reason else ""
        if not self.standing:
            return f"none{why}"
        built = f"{', '.join(self.standing)} ({self.by})"
        return f"{built}; not {', '.join(self.missing)}{why}" if self.missing else built
