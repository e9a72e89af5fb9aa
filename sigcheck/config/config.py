"""The config of a project, read and complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sigcheck.config.entries import Entries, LinkEntry
from sigcheck.config.lines import Keys, find_lines, line_of
from sigcheck.schema.errors import UsageError
from sigcheck.schema.printable import shortened
from sigcheck.schema.project import Location


@dataclass(frozen=True)
class Config:
    """A config that was read: its entries, and where they stand.

    `links` are all links, those of chains too, each with its policy complete; `places` holds
    for each of them the key path of its entry.
    """

    path: Path
    entries: Entries
    links: tuple[LinkEntry, ...]
    places: tuple[Keys, ...]
    root: Keys = ()
    text: str = field(default="", repr=False)

    @cached_property
    def lines(self) -> Mapping[Keys, int]:
        """For each entry the line that it stands in, looked for once, when a line is to be told."""
        # A model by its name, a link by its number.
        return find_lines(self.text, len(self.root) + 2)

    @cached_property
    def _every_line(self) -> Mapping[Keys, int]:
        return find_lines(self.text)

    @property
    def folder(self) -> Path:
        """The folder that its paths are relative to."""
        return self.path.parent

    def location(self, *keys: str | int) -> Location:
        """Where an entry stands."""
        return Location(path=self.path.name, line=line_of(self.lines, (*self.root, *keys)))

    def error(self, problem: str, *keys: str | int) -> UsageError:
        """The error about an entry: file, line, field, problem."""
        place = f"{self.path}:{line_of(self._every_line, (*self.root, *keys))}"
        return UsageError(place, f"{name_keys(keys)}: {problem}")


def name_keys(keys: Keys) -> str:
    """The key path as people write it.

    >>> name_keys(("links", 0, "from"))
    'links[0].from'
    """
    text = ""
    for key in keys:
        name = key if isinstance(key, int) else shortened(key) or '""'
        text += f"[{name}]" if isinstance(key, int) else f".{name}" if text else str(name)
    return text or "the file"
