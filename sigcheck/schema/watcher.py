"""Watcher: who is told how much of some work is done, while it runs."""

from __future__ import annotations


class Watcher:
    """Is told of work by those who do it. This one looks away; others override what they want to see."""

    def begin(self, message: str, total: int, unit: str = "") -> None:
        """Other work begins, of so many parts in all: `unit` is what they are, such as `links`, or `bytes`."""

    def advance(self, count: int = 1) -> None:
        """So many more parts are done. May be told from any thread."""


# What works for whoever does not want to know.
NOBODY = Watcher()
