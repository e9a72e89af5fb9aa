"""Versions: the two sides of a diff, each named as people do.

A path or signature file; the name of a model of the config; `lock` for what was agreed of the
other side's model; `REV:path` for a path at a Git revision.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from sigcheck.config.config import Config
from sigcheck.config.describe import nearest
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.encodings.source import Source
from sigcheck.project.cache import NO_CACHE
from sigcheck.project.git_files import GitFiles
from sigcheck.project.lock_file import FILE, read_lock
from sigcheck.project.read_once import ReadOnce
from sigcheck.readers import read, served
from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.selection import parse_selector, select_signature
from sigcheck.schema.signature import Model
from sigcheck.stages.read_source import ReadSource

LOCK = "lock"


@dataclass(frozen=True)
class Version:
    """One version of a model. `is_selected` says that one signature was named; `name` is that of the config's model."""

    model: Model
    is_selected: bool
    name: str | None = None


def read_versions(
    old: str, new: str, config: Config | None, permission: Permission = NO_PERMISSION
) -> tuple[Version, Version]:
    """Both versions, of a model that the config says not to infer of without what their graphs show.

    What the config names is opened as far as a person permits; what `old` and `new` name themselves, always.
    Raises SourceError and UsageError as `sigcheck.read` does.
    """
    versions = _read_both(old, new, config, permission)
    name = versions[0].name or versions[1].name
    if config is None or name is None or config.entries.models[name].infer:
        return versions
    first, second = map(_without_inferred, versions)
    return first, second


def _without_inferred(version: Version) -> Version:
    signatures = tuple(one.without_inferred() for one in version.model.signatures)
    return replace(version, model=version.model.model_copy(update={"signatures": signatures}))


def _read_both(old: str, new: str, config: Config | None, permission: Permission) -> tuple[Version, Version]:
    if old == new == LOCK:
        raise UsageError("diff", "the lock against itself, expected two versions. Name a model on one side.")
    if LOCK in {old, new}:
        if config is None:
            problem = "no config here or above, expected one beside the lock. Write one with `sigcheck init`."
            raise UsageError(LOCK, problem)
        other = _read(new if old == LOCK else old, config, permission)
        locked = _read_locked(other, new if old == LOCK else old, config, permission)
        return (locked, other) if old == LOCK else (other, locked)
    first = _read(old, config, permission)
    # Whose source a path is takes a look at all of them, and both are of one model.
    second = _read(new, config, permission, is_owned=first.name is None)
    name = first.name or second.name
    return (Version(first.model, first.is_selected, name), Version(second.model, second.is_selected, name))


def _read(text: str, config: Config | None, permission: Permission, *, is_owned: bool = True) -> Version:
    try:
        source = Source.parse(text)
    except SourceError as error:
        if config is not None and text in config.entries.models:
            entry = config.entries.models[text]
            source = permission.source(config.folder, entry.source)
            model = ReadOnce(config.folder, (), permission, NO_CACHE).model(entry, source)
            return Version(model.model_copy(update={"signatures": (select_signature(model),)}), True, text)
        revision, colon, path = text.partition(":")
        if not (colon and revision and path) or is_address(text):
            raise error from None
        # Relative to the current folder, as in `git show REV:./path`.
        files = GitFiles(Path(), revision)
        source = Source.parse(files.path(path), files)
        return _select(source, f"{revision}:", _owner(path, config) if is_owned else None)
    return _select(source, "", _owner(text, config) if is_owned else None)


def _select(source: Source, prefix: str, name: str | None) -> Version:
    source = served(source)
    model = ReadSource(source, read(source)).shown.model
    model = model.model_copy(update={"source": f"{prefix}{model.source}"})
    selector = parse_selector(source.selector)
    is_selected = selector.key is not None or selector.tags is not None
    if is_selected:
        chosen = select_signature(model, selector.key, selector.tags)
        model = model.model_copy(update={"signatures": (chosen,)})
    return Version(model, is_selected, name)


def _owner(text: str, config: Config | None) -> str | None:
    """The model of the config that has this source."""
    if config is None:
        return None
    wanted = _place(Path(), text)
    sources = {name: entry.source for name, entry in config.entries.models.items() if not is_address(entry.source)}
    # Most are written as they are: to ask the system of each takes seconds where there are thousands.
    whole = os.path.abspath(text.rpartition("#")[0] or text)  # noqa: PTH100  # links stay as they are
    folder = os.path.abspath(config.folder)  # noqa: PTH100  # links stay as they are
    last = os.path.basename(whole)  # noqa: PTH119  # a text
    likely = [
        name
        for name, source in sources.items()
        # The last part of a path stands in it, but where that leads up.
        if (last in source or os.pardir in source or source.startswith(os.curdir))
        and os.path.normpath(f"{folder}/{_bare(source)}") == whole
    ]
    for name in likely or sources:
        if _place(config.folder, sources[name]) == wanted:
            return name
    return None


def _bare(source: str) -> str:
    return source.rpartition("#")[0] or source


def _place(folder: Path, source: str) -> Path:
    """The path of a source without its selector."""
    whole = folder / source
    before, mark, _ = source.rpartition("#")
    is_whole = not mark or os.path.exists(whole)  # noqa: PTH110  # Path raises for loops of links, and long names
    return Path(os.path.realpath(whole if is_whole else folder / before))


def _read_locked(other: Version, text: str, config: Config, permission: Permission) -> Version:
    if other.name is None:
        known = nearest(text, config.entries.models)
        raise UsageError(text, f"no model of the config has this source; {known} Name one of its models.")
    lock = read_lock(permission.path(config.folder, FILE))
    if lock is None or other.name not in lock.models:
        raise SourceError(str(config.folder / FILE), f"no entry for {other.name!r}. Run `sigcheck lock` first.")
    entry = lock.models[other.name]
    model = Model(source=f"{FILE}:{other.name}", reader=entry.reader, signatures=(entry.comparable,))
    return Version(model, True, other.name)
