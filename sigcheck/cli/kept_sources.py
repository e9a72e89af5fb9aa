"""Kept sources: no output is written over what it is made of, whatever --force says of the place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from sigcheck.encodings.trace import traced
from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SigcheckError, UsageError

# The folders of a SavedModel in which a text may be one of its files: a vocabulary, or what others keep beside it.
_ASSETS = frozenset({"assets", "assets.extra"})
# What tells a binary file from text stands near its begin.
_LOOKED_AT = 1 << 13


def keep_sources(output: Path | None, sources: Iterable[str]) -> None:
    """Raises UsageError where one of the sources lies at the place of the output, or in the folder that is there.

    Or where the output is a file of a source that is a folder: one that is read, weights, or an asset. A report or an
    adapter that an earlier run left beside them is none.

    A source is a path as it is written, with `#key` or without; what has an address lies in no way. Without an
    output, which is stdout, nothing is written over.
    """
    # What is no file and no folder, as /dev/stdout, is not replaced.
    if output is None or not (os.path.isfile(output) or os.path.isdir(output)):  # noqa: PTH112, PTH113  # Path raises
        return
    place = _beside(str(output))
    for source in sources:
        if any(
            path == place or place in path.parents or (path in place.parents and _is_part(place, path))
            for path in _places(source)
        ):
            problem = "is read for it, and would be written over, expected another place. Name another with -o."
            raise UsageError(str(output), problem)


def _is_part(place: Path, folder: Path) -> bool:
    """Whether what lies in the folder of a source is its model's: what is read, weights, assets, a folder of them."""
    from sigcheck.adapters.placement import is_own
    from sigcheck.readers import read

    # Asked of few: the output is there, and in a source.
    with traced() as trace:
        try:
            read(str(folder))
        except SigcheckError:
            # A folder of data or of models, which are sources themselves; or one of which nothing is made.
            return False
    if any(os.path.realpath(one) == str(place) for one in trace.files):
        return True
    if place.is_dir():
        return not is_own(place)
    if _ASSETS.intersection(place.relative_to(folder).parts[:-1]):
        return True
    with suppress(OSError), place.open("rb") as file:
        # What is written in place of a file is text.
        return b"\0" in file.read(_LOOKED_AT)
    return True


def _places(source: str) -> Iterator[Path]:
    """Where a source may lie: the place that is named, and that which a link there leads to."""
    if is_address(source) or "\0" in source:
        return
    for text in {source, source.rpartition("#")[0]} - {""}:
        yield _beside(text)
        yield Path(os.path.realpath(text))


def _beside(text: str) -> Path:
    """The place itself, and not what a link there leads to: that is what is replaced."""
    path = Path(text)
    return Path(os.path.realpath(path.parent), path.name)
