"""Unchanged: whether the files of this machine would answer as they answered before.

Each question of a trace is asked again. Files are compared by their content: the times of a file say that it may have
changed, and only the bytes that it did not.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sigcheck.encodings.confined import LeavesError, confine_all
from sigcheck.encodings.files import LOCAL_FILES
from sigcheck.encodings.trace import Identity, Trace, identity_of
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
    opened = {path: identity for path, identity in trace.files.items() if identity is not None}
    last = int(trace.start * 1e9) - _COARSE
    if not trace.is_whole or any(max(identity[3:]) > last for identity in opened.values()):
        return None
    if sum(identity[2] for identity in opened.values()) > MOST_BYTES:
        return None
    files: dict[str, list[Any] | None] = {}
    for path, identity in trace.files.items():
        files[path] = None
        if identity is not None:
            digest = _digest(path, identity)
            if digest is None:
                return None
            files[path] = [identity[2], digest]
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
    return bool(_digest(path, size=size) == digest)


def _digest(path: str, identity: Identity | None = None, *, size: int | None = None) -> str | None:
    """The hash of a file; None where it is another than one of this identity, or has another size."""
    with open_regular(path, "a file") as file:
        found = identity_of(file)
        if found != (identity or found) or found[2] != (found[2] if size is None else size):
            return None
        digest, left = hashlib.sha256(), found[2]
        while left > 0 and (block := file.read(min(left, _BLOCK))):
            digest.update(block)
            left -= len(block)
        return digest.hexdigest() if left == 0 and identity_of(file) == found else None


def _digest_of_names(names: list[str]) -> str:
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogatepass")).hexdigest()
