"""Read once: the sources of a config, each looked for and read one time, however many models name it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from sigcheck.config.entries import ModelEntry
from sigcheck.encodings.permission import Permission
from sigcheck.encodings.remote import require_plain
from sigcheck.encodings.source import Source
from sigcheck.project.cache import Cache
from sigcheck.project.loaded_models import LoadedModels
from sigcheck.readers import read, served
from sigcheck.readers.no_model import pointer
from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SigcheckError, SourceError
from sigcheck.schema.selection import narrowed
from sigcheck.schema.signature import Model
from sigcheck.stages.read_source import ReadSource

# Outputs that a selector names say what is read, not what is chosen of it.
_READ_BY = "output="

_Value = TypeVar("_Value")


class ReadOnce:
    """What lies at the sources of the models of a config, relative to its folder."""

    def __init__(self, folder: Path, entries: Iterable[ModelEntry], permission: Permission, cache: Cache) -> None:
        """`entries` are the models that may be asked for; what several of them name is kept."""
        self._folder = folder
        self.loaded = LoadedModels(folder, permission, cache)
        self._permission = permission
        self._files = permission.files(folder)
        self._uses = Counter(place_of(entry.source) for entry in entries)
        self._kept: dict[Hashable, object] = {}

    def find_here(self, text: str) -> Source | None:
        """The source that the config names, where there is one to be read; None where the lock has to answer.

        That is where nothing lies, a pointer of Git LFS stands for it, or it is an address that nobody asked for.
        Raises SourceError where something is there that cannot be read.
        """
        return self._once(text, ("here", text), partial(self._find_here, text))

    def source(self, text: str) -> Source:
        """The source that the config names. Raises SourceError where nothing is there that may be read."""
        return self._once(text, ("source", text), lambda: self._served(text))

    def model(self, entry: ModelEntry, source: Source) -> Model:
        """The model with the signature that the entry means, and with what its graph shows where it is to be asked.

        Raises SourceError where it cannot be read, and UsageError where there is no such signature.
        """
        is_read_by = source.selector is not None and source.selector.startswith(_READ_BY)
        loading = self.loaded.loading(entry) if entry.load else None
        place = (source.place, source.selector if is_read_by else None, loading)

        def shown() -> Model:
            model = self._once(
                entry.source, place, lambda: self.loaded.read(source, entry) if entry.load else read(source)
            )
            chosen = narrowed(model, source.selector, entry.key, entry.tags)
            found = ReadSource(source, chosen, loading=loading)
            return (found.shown if entry.infer else found).model

        return self._once(entry.source, (*place, source.selector, entry.key, entry.tags, entry.infer), shown)

    def _find_here(self, text: str) -> Source | None:
        if is_address(text) and not self._permission.remote:
            # What the answer rests on is the address itself: whether it may be one is said of every address.
            require_plain(text)
            return None
        try:
            source = self.source(text)
            is_fetched = pointer(source) is None
        except SourceError as error:
            if "no such file" in error.problem:
                return None
            raise
        return source if is_fetched else None

    def _served(self, text: str) -> Source:
        return served(self._permission.source(self._folder, text, self._files))

    def _once(self, text: str, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """What is made, or the error that it raised, kept where several models name the place of the text."""
        if self._uses[place_of(text)] < 2:  # noqa: PLR2004  # one alone asks once
            return make()
        if key not in self._kept:
            try:
                self._kept[key] = make()
            except SigcheckError as error:
                self._kept[key] = error
        kept = self._kept[key]
        if isinstance(kept, SigcheckError):
            raise kept
        return kept  # type: ignore[return-value]  # kept under the key of this maker


def place_of(text: str) -> str:
    """The source without what is chosen of it behind the `#`."""
    return text.rpartition("#")[0] or text
