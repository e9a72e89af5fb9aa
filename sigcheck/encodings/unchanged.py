"""Unchanged: whether the files of this machine would answer as they answered before.

Each question of a trace is asked again. Files are compared by their content: the times of a file say that it may have
changed, and only the bytes that it did not.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

from sigcheck.encodings.confined import LeavesError, confine_all
from sigcheck.encodings.files import LOCAL_FILES
from sigcheck.encodings.trace import Trace, identity_of
from sigcheck.encodings.whole_file import open_regular
from sigcheck.schema.errors import SourceError

# Of all files that were opened, in bytes: looking through more takes longer than reading what most models say.
MOST_BYTES = 2**28
# Systems of files keep times as coarse as two seconds (FAT). What changed later than so long before the run may have
# changed again behind its back, and have the same times: it may not be what the run was given.
_COARSE = 2_000_000_000
_BLOCK = 2**20


def seal(trace: Trace) -> dict[str, Any] | None:
    """What JSON can hold of a trace, and `is_unchanged` takes.

    None where not all is known of what the run was given: where something changed, or may have, or is too much.
    """
    try:
        return _sealed(trace)
    except (OSError, ValueError, SourceError):
        # Gone, or not to be read any more.
        return None


def _sealed(trace: Trace) -> dict[str, Any] | None:
    is_known = trace.is_whole and trace.changed <= int(trace.start * 1e9) - _COARSE
    if not is_known or trace.size > MOST_BYTES:
        return None
    files: dict[str, list[Any] | None] = {}
    for path, identity in trace.files.items():
        found = None if identity is None else _digest(path, identity)
        if identity is not None and found is None:
            return None
        files[path] = None if found is None else [*found]
    names = {folder: _digest_of_names(names) for folder, names in trace.names.items()}
    return {"kinds": trace.kinds, "names": names, "places": trace.places, "files": files}


def is_unchanged(seen: Any) -> bool:
    """Whether all answers would be those of a sealed trace. False of what is none."""
    try:
        return _is_unchanged(seen)
    except (AttributeError, KeyError, TypeError, ValueError, OSError, LeavesError, SourceError):
        # No trace; or what was there is not to be read any more.
        return False


def _is_unchanged(seen: Any) -> bool:
    # Told of each file, so that nothing is read that the run did not read.
    if not seen["files"] or sum(file[0] for file in seen["files"].values() if file is not None) > MOST_BYTES:
        return False
    return (
        all(LOCAL_FILES.kind(path) == kind for path, kind in seen["kinds"].items())
        and all(_digest_of_names(LOCAL_FILES.names(folder)) == names for folder, names in seen["names"].items())
        and all([*confine_all(folder, paths)] == [*paths.values()] for folder, paths in seen["places"].items())
        and all(_is_same(path, file) for path, file in seen["files"].items())
    )


def _is_same(path: str, file: list[Any] | None) -> bool:
    if file is None:
        try:
            open_regular(path, "a file").close()
        except (FileNotFoundError, NotADirectoryError):
            return True
        return False
    size, digest = file
    return _digest(path, size=size) == (size, digest)


def _digest(path: str, identity: int | None = None, *, size: int | None = None) -> tuple[int, str] | None:
    """The size and the hash of a file; None where it is another than one of this identity, or has another size."""
    with open_regular(path, "a file") as file:
        status = os.fstat(file.fileno())
        found = identity_of(status)
        if identity not in {None, found} or size not in {None, status.st_size}:
            return None
        digest, left = hashlib.sha256(), status.st_size
        while left > 0 and (block := file.read(min(left, _BLOCK))):
            digest.update(block)
            left -= len(block)
        is_same = left == 0 and identity_of(os.fstat(file.fileno())) == found
        return (status.st_size, digest.hexdigest()) if is_same else None


def _digest_of_names(names: list[str]) -> str:
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogatepass")).hexdigest()
