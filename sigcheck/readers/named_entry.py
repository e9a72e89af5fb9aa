"""Named entry: what a name or a path that a file says leads to, in a folder that the user named and no further."""

from __future__ import annotations

from sigcheck.encodings.source import Source


def entry(folder: Source, name: str) -> Source | None:
    """The entry of a folder that a configuration names; None where it is none, or no plain name."""
    is_plain = bool(name) and not name.startswith(".") and not set(name) & set("/\\\0:")
    return folder.child(name) if is_plain else None


def inside(folder: Source, path: str) -> Source | None:
    """What a relative path leads to, name by name; None where it leads out of the folder, or to nothing."""
    at: Source | None = folder
    for name in path.split("/"):
        at = entry(at, name) if at is not None else None
    return at
