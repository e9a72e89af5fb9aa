"""Catalog: the entries of a folder by name, each imported when it is first asked for.

A file in the folder is an entry, and nothing else names it. A lint must start fast: a check pays
for the one format that it prints, and reading a SavedModel not for the parsers of other formats.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Generic, TypeVar, cast

Entry = TypeVar("Entry")

_SUFFIX = ".py"


class Catalog(Mapping[str, Entry], Generic[Entry]):
    """The modules of packages by name; with `module` given, the folders in them that have a module of this name.

    That each is of the shape of an Entry is what a test proves with the type checker. Names come
    package by package in the order of the alphabet, without an import of what they name; `in_order`
    has the entries in the order that they ask for. Of two entries of one name the first package's counts.
    """

    def __init__(self, *packages: str, module: str = "") -> None:
        self._packages = packages
        self._module = module
        self._marked: dict[str, tuple[Entry, ...]] = {}
        self._modules: dict[tuple[str, str], str | None] = {}

    @cached_property
    def _homes(self) -> dict[str, str]:
        """The package of each entry."""
        homes: dict[str, str] = {}
        for package in self._packages:
            for name in sorted(self._names_in(package) - {"__init__"}):
                homes.setdefault(name, package)
        return homes

    def _names_in(self, package: str) -> set[str]:
        # A pattern of pathlib takes ten times as long.
        found = [one for folder in _folders(package) for one in os.scandir(folder)]
        if self._module:
            return {one.name for one in found if Path(one.path, f"{self._module}{_SUFFIX}").is_file()}
        return {one.name.removesuffix(_SUFFIX) for one in found if one.name.endswith(_SUFFIX)}

    @cached_property
    def _in_order(self) -> tuple[Entry, ...]:
        return tuple(sorted(self.values(), key=attrgetter("ORDER", "NAME")))

    def in_order(self) -> tuple[Entry, ...]:
        """All entries by their ORDER, from the lowest on. Imports every one."""
        return self._in_order

    def marked(self, mark: str) -> tuple[Entry, ...]:
        """The entries that say `MARK = True`, by their ORDER. Imports no file that does not have the word."""
        if mark not in self._marked:
            files = ((name, folder / f"{name}{_SUFFIX}") for name, at in self._homes.items() for folder in _folders(at))
            entries = [self[name] for name, file in files if _has_line(file, mark)]
            found = sorted((one for one in entries if getattr(one, mark)), key=attrgetter("ORDER", "NAME"))
            self._marked[mark] = tuple(found)
        return self._marked[mark]

    def module_of(self, name: str, module: str) -> str | None:
        """The full name of another module of an entry that is a folder; None where it has none. Imports nothing."""
        if (name, module) not in self._modules:
            self._modules[name, module] = self._find_module(name, module)
        return self._modules[name, module]

    def _find_module(self, name: str, module: str) -> str | None:
        package = self._homes.get(name)
        if package is None or not any((folder / name / f"{module}{_SUFFIX}").is_file() for folder in _folders(package)):
            return None
        return f"{package}.{name}.{module}"

    def __getitem__(self, name: str) -> Entry:
        end = f".{self._module}" if self._module else ""
        return cast("Entry", import_module(f"{self._homes[name]}.{name}{end}"))

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


def _has_line(file: Path, start: str) -> bool:
    """Whether a file is there, with a line that begins so."""
    return file.is_file() and b"\n%s" % start.encode() in b"\n%s" % file.read_bytes()


def _folders(package: str) -> list[Path]:
    return [Path(one) for one in import_module(package).__path__]
