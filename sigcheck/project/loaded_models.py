"""Loaded models: those of which the config says that only loading them shows what they take and give.

Loading runs what is in a model, and in the modules that the config names. A config is anybody's: nothing is loaded
unless a person asks for it. What loading showed is kept by the content of the model and of its code; and where a lock
was made of the same content, it answers.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from sigcheck.config.entries import ModelEntry
from sigcheck.encodings.confined import is_within
from sigcheck.encodings.permission import Permission
from sigcheck.encodings.source import Source
from sigcheck.encodings.trace import told_more
from sigcheck.encodings.whole_file import open_regular
from sigcheck.project.cache import Cache, key_of
from sigcheck.readers import read
from sigcheck.readers.broken import told
from sigcheck.readers.loaded.program import find_own_files, find_program
from sigcheck.schema.budget import bounded
from sigcheck.schema.errors import NotLoadedError, UsageError
from sigcheck.schema.loading import Loading
from sigcheck.schema.signature import Model

NOT_ASKED = (
    "to be loaded (load = true), which is done only where a person asks for it, and not in the lock as it is. "
    "Add --load, or run `sigcheck lock --load` where it may be loaded."
)
# Of a model with its code, in files and bytes: beyond, it is loaded anew each time.
_MOST_FILES, _MOST_BYTES = 10_000, 2 * 2**30
_CHUNK = 2**20
# What the values of weights are changes no shape: a member beside the config, a folder in that of a SavedModel.
_WEIGHTS, _VARIABLES = ".weights.h5", "variables"
# Python makes it of the files beside it.
_MADE = "__pycache__"


class _Hash(NamedTuple):
    """The hash of some content, and its size in bytes."""

    size: int
    digest: str


@dataclass(frozen=True)
class LoadedModels:
    """What loading showed of the models of a config in a folder, by what a person permits."""

    folder: Path
    permission: Permission
    cache: Cache
    # By model and part, or file of code: what loading shows and what the lock holds are asked of the same, and models
    # share code.
    _hashes: dict[tuple[str, str], _Hash] = field(default_factory=dict, init=False, repr=False, compare=False)

    def loading(self, entry: ModelEntry) -> Loading:
        """How its entry says that a model is loaded."""
        # What is imported lies anywhere.
        told_more()
        return Loading(imports=entry.imports, lambdas=entry.lambdas, root=str(self.folder))

    def read(self, source: Source, entry: ModelEntry) -> Model:
        """The signatures of a model. Raises SourceError where it was not loaded before, and nobody asks for it."""
        loading = self.loading(entry)
        key = self._key(source, loading)
        kept = None if key is None else _restore(self.cache.get("loads", key))
        if kept is not None:
            return kept.model_copy(update={"source": source.text})
        if not self.permission.load:
            raise NotLoadedError(source.place, NOT_ASKED)
        model = read(source, load=loading)
        if key is not None:
            self.cache.put("loads", key, model.model_dump(mode="json"))
        return model

    def is_at_hand(self, source: Source, entry: ModelEntry) -> bool:
        """Whether `read` has an answer."""
        if self.permission.load:
            return True
        key = self._key(source, self.loading(entry))
        return key is not None and _restore(self.cache.get("loads", key)) is not None

    def content(self, source: Source, entry: ModelEntry) -> str | None:
        """A digest of the model and of its code in the folder, alike on every machine; None where that is too much."""
        loading = self.loading(entry)
        files = _code(find_own_files(loading))
        if files is None:
            return None
        # As the code is found: without the steps up that the folder may be named with.
        own = Path(os.path.abspath(self.folder))  # noqa: PTH100  # links stay as they are
        named = [(path.relative_to(own).as_posix(), path) for path in files if is_within(own, path)]
        return self._digest(source, loading, named)

    def _key(self, source: Source, loading: Loading) -> str | None:
        from sigcheck.certificates.versions import versions_now

        try:
            files = _code(find_program(loading).files)
        except UsageError:
            # A module that is not here: loading would say so, and who does not load has the lock.
            return None
        found = None if files is None else self._digest(source, loading, [(str(path), path) for path in files])
        return None if found is None else key_of(found, versions_now())

    def _digest(self, source: Source, loading: Loading, code: list[tuple[str, Path]]) -> str | None:
        """The hash of all that decides what loading shows; None of more than is looked at."""
        total = hashlib.sha256(loading.model_dump_json().encode())
        left = _MOST_BYTES
        with told(source.place, "a model"), bounded(source.place):
            of_model = ((name, (source.text, name), content) for name, content in _parts(source))
            of_code = ((name, ("", str(path)), _chunks_of_file(path)) for name, path in code)
            try:
                for name, place, content in chain(of_model, of_code):
                    found = self._hashes.get(place) or _hash(content, left)
                    left -= found.size
                    if left < 0:
                        return None
                    self._hashes[place] = found
                    total.update(f"{len(name)} {name} {found.digest}\n".encode("utf-8", "surrogatepass"))
            except OSError:
                return None
        return total.hexdigest()


def _hash(content: Iterator[bytes], most: int) -> _Hash:
    """The hash of the content, or of its beginning where it is more than `most` bytes."""
    digest, size = hashlib.sha256(), 0
    for chunk in content:
        size += len(chunk)
        if size > most:
            break
        digest.update(chunk)
    return _Hash(size, digest.hexdigest())


def _code(places: Iterable[str]) -> list[Path] | None:
    """The files that are imported, or may be, or read, by modules in these places; None of more than are looked at."""
    found = sorted(islice((path for place in places for path in _files(place)), _MOST_FILES + 1))
    return None if len(found) > _MOST_FILES else found


def _files(place: str) -> Iterator[Path]:
    if os.path.isfile(place):  # noqa: PTH113  # a text, as it was found
        yield Path(place)
    # Python imports through links too.
    for folder, inner, names in os.walk(place, followlinks=True):
        if _MADE in inner:
            inner.remove(_MADE)
        yield from (Path(folder, name) for name in names)


def _parts(source: Source, name: str = "") -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yields the parts of a model by their names, without the values of its weights."""
    if source.is_directory:
        for own in source.names():
            child = None if (name, own) == ("", _VARIABLES) else source.child(own)
            if child is not None:
                yield from _parts(child, f"{name}/{own}")
    elif source.head.startswith(b"PK"):
        yield from _members(source, name)
    else:
        yield name, _chunks(source)


def _members(source: Source, name: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    from sigcheck.encodings.archive import open_archive, read_in_parts

    with source.content() as content, open_archive(content) as archive:
        for member in sorted(archive.namelist()):
            if "/" in member or not member.endswith(_WEIGHTS):
                yield f"{name}/{member}", read_in_parts(archive, member)


def _chunks(source: Source) -> Iterator[bytes]:
    if not source.head:
        return
    with source.content() as content:
        for start in range(0, len(content), _CHUNK):
            yield bytes(content[start : start + _CHUNK])


def _chunks_of_file(path: Path) -> Iterator[bytes]:
    with open_regular(path, "a file of a module") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _restore(kept: object) -> Model | None:
    try:
        return None if kept is None else Model.model_validate(kept)
    except ValidationError:
        return None
