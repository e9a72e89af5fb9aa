"""Model data: what samples beside a model show of its tensors, from the cache where the same files were looked at."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sigcheck.config.config import Config
from sigcheck.encodings.path_pattern import find_paths
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.encodings.trace import told_more
from sigcheck.encodings.whole_file import open_regular
from sigcheck.process.memory import limited_memory
from sigcheck.project.cache import Cache, key_of
from sigcheck.schema.errors import SourceError
from sigcheck.schema.evidence import Evidence
from sigcheck.schema.system_error import unreadable

# What observes brings NumPy with it, and is imported where there is data.

# By the name of the model, then of the tensor.
EvidenceOf = Mapping[str, Mapping[str, Evidence]]

# A lint is fast: what is larger is observed once, and its facts are declared.
_MOST_FILES, _MOST_BYTES = 10_000, 1 << 31
_HASHED_BYTES = 1 << 20


def read_evidence(config: Config, cache: Cache, permission: Permission = NO_PERMISSION) -> EvidenceOf:
    """What the data of each model shows, for those that name some. Raises as `evidence_of` does."""
    found = {name: evidence_of(config, name, cache, permission) for name in config.entries.models}
    return {name: evidence for name, evidence in found.items() if evidence is not None}


def evidence_of(
    config: Config, name: str, cache: Cache, permission: Permission = NO_PERMISSION
) -> Mapping[str, Evidence] | None:
    """What the data of a model shows; None where it names none.

    Raises SourceError where there is none under that name, it cannot be read, or lies where it may not be read.
    """
    text = config.entries.models[name].data
    return None if text is None else _evidence(config.folder, f"models.{name}.data", text, cache, permission)


def _evidence(folder: Path, place: str, text: str, cache: Cache, permission: Permission) -> Mapping[str, Evidence]:
    files = _found(folder, place, text, permission)
    key = key_of(place, [[shown, _sha256(path, shown)] for shown, path in files])
    kept = cache.get("data", key)
    if kept is None:
        kept = _observed(place, files)
        cache.put("data", key, kept)
    try:
        return {name: Evidence.model_validate(one) for name, one in kept.items()}
    except (ValidationError, AttributeError):
        # Broken, or made by somebody else.
        return {name: Evidence.model_validate(one) for name, one in _observed(place, files).items()}


def _found(folder: Path, place: str, text: str, permission: Permission) -> list[tuple[str, Path]]:
    """The files, each as it is named from the folder of the config and where it is."""
    # Which files a pattern finds is not kept.
    told_more()
    try:
        files, size = _named(folder, text, permission)
    except OSError as error:
        raise SourceError(place, f"{text!r} {unreadable(error)}") from None
    if not files:
        from sigcheck.observation.files import suffixes

        raise SourceError(place, f"no data at {text!r}, expected files that end in {suffixes()}. Correct the path.")
    if len(files) > _MOST_FILES or size > _MOST_BYTES:
        problem = (
            f"over {_MOST_FILES} files or {_MOST_BYTES >> 30} GiB, expected samples. Name less, or declare the facts."
        )
        raise SourceError(place, problem)
    return [(name, folder / name) for name in files]


def _named(folder: Path, text: str, permission: Permission) -> tuple[list[str], int]:
    """The names of the files, and their bytes. Raises OSError where the system does not say what is there."""
    from sigcheck.observation.sources import reader_of

    pattern = text if glob.has_magic(text) else glob.escape(text)
    names = find_paths(pattern, folder)
    if not names:
        # What may not be looked at is not found either.
        with suppress(FileNotFoundError, NotADirectoryError, ValueError):
            (folder / text).lstat()
    inner = [
        str(Path(name) / one.name)
        for name in names
        if (permission.path(folder, name)).is_dir()
        for one in sorted((folder / name).iterdir())
        if reader_of(one.name)
    ]
    # A pattern may find a folder and what is in it, and links to either.
    each = {os.path.realpath(folder / name): name for name in reversed((*names, *inner))}
    files = [name for name in reversed(each.values()) if permission.path(folder, name).is_file()]
    return files, sum((folder / name).stat().st_size for name in files[: _MOST_FILES + 1])


def _sha256(path: Path, shown: str) -> str:
    digest = hashlib.sha256()
    try:
        with open_regular(path, "a file of data") as file:
            while block := file.read(_HASHED_BYTES):
                digest.update(block)
    except OSError as error:
        raise SourceError(shown, unreadable(error)) from None
    return digest.hexdigest()


def _observed(place: str, files: list[tuple[str, Path]]) -> dict[str, Any]:
    from sigcheck.observation.facts import behind
    from sigcheck.observation.files import MOST_MEMORY, observe_part
    from sigcheck.observation.gathered import Gathered

    gathered = Gathered()
    with limited_memory(MOST_MEMORY):
        for index, (_, path) in enumerate(files):
            gathered.add(observe_part(index, str(path)))
    problems = gathered.problems()
    if problems:
        raise SourceError(place, problems[0])
    found = gathered.observation()
    shown = {str(path): name for name, path in files}
    named = found.model_copy(
        update={"files": tuple(one.model_copy(update={"path": shown[one.path]}) for one in found.files)}
    )
    # No fact is taken from samples that lie around: what they show is only held against what is known.
    return {tensor.name: {**behind(named, tensor), "facts": []} for tensor in found.tensors}
