"""Folder: the models in a folder, however deep they lie.

What a reader takes as one source is not looked into: a SavedModel is one model, as are its versions in one
folder. Hidden folders are left out, as are YAML, JSON and TOML files that declare no signature.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator

from sigcheck.encodings.source import Source
from sigcheck.readers import recognize, served
from sigcheck.readers.preset import preset
from sigcheck.schema.budget import bounded
from sigcheck.schema.errors import SourceError

# Model repositories nest name/version/file. Links that form a loop end here.
MAX_DEPTH = 12
MAX_ENTRIES = 200_000
# For a hint in an error.
_SHORT_LOOK = 200
# The one reader that takes whatever has its suffix: its module is imported for such files only.
_SIGNATURE_FILE = "signature_file"
_SERVER_CONFIG = "model_server_config"


def find_models(folder: Source | str | os.PathLike[str]) -> list[Source]:
    """The sources in a folder that a reader recognizes, by path; the folder itself where it is one.

    A source in it that cannot be looked at is among them: reading it gives the error. Raises
    SourceError where the folder cannot be looked at, or holds more than MAX_ENTRIES entries.
    """
    source = folder if isinstance(folder, Source) else Source.parse(folder)
    return sorted(_walk(source, MAX_ENTRIES), key=lambda found: found.path)


def find_first_model(folder: Source) -> Source | None:
    """The model that lies nearest to the folder, None where a short look finds none."""
    try:
        return next(_walk(folder, _SHORT_LOOK), None)
    except SourceError:
        return None


def _walk(top: Source, most: int) -> Iterator[Source]:
    waiting = deque([(top, 0)])
    entries = 0
    while waiting:
        source, depth = waiting.popleft()
        if _is_model(source) if source is top else _is_taken(source):
            yield source
            continue
        if not source.is_directory or depth == MAX_DEPTH:
            continue
        for name in source.names():
            entries += 1
            if entries > most:
                raise SourceError(top.place, f"more than {most} entries. Name a folder in it.")
            if name.startswith("."):
                continue
            try:
                child = source.child(name)
            except SourceError:
                # A pipe, or a file that may not be read: no model that anybody could mean.
                continue
            if child is not None:
                waiting.append((child, depth + 1))


def _is_taken(source: Source) -> bool:
    """Whether it is a model, or cannot be looked at."""
    try:
        return _is_model(source)
    except SourceError:
        return True


def _is_model(source: Source) -> bool:
    # The weights in a preset are no model that anybody could mean: the preset says what to do.
    if source.is_directory and (served(source) is not source or preset(source) is not None):
        return True
    with bounded(source.place):
        reader = recognize(source)
    # A server's configuration speaks of models that lie in the folder themselves.
    if reader is None or reader.NAME != _SIGNATURE_FILE:
        return reader is not None and reader.NAME != _SERVER_CONFIG
    from sigcheck.readers.signature_file.signature import declares_signatures

    with bounded(source.place):
        return declares_signatures(source)
