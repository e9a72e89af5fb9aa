"""Catalog: the entries of a folder by name, each imported when it is first asked for.

A lint must start fast: a check pays for the one format that it prints, and reading a
SavedModel not for the parsers of other formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Generic, TypeVar, cast

Entry = TypeVar("Entry")


class Catalog(Mapping[str, Entry], Generic[Entry]):
    """The modules of these names in a package, in this order.

    The names are the whole list; that each module is of the shape of an Entry is what the
    type checker sees beside the catalog, and a test of the folder proves.
    """

    def __init__(self, package: str, *names: str) -> None:
        self._package = package
        self._names = names

    def __getitem__(self, name: str) -> Entry:
        if name not in self._names:
            raise KeyError(name)
        return cast("Entry", import_module(f"{self._package}.{name}"))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
