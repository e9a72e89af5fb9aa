"""Path pattern: the paths that a glob finds, each folder below `**` once, however many links lead there.

`glob` of the library follows a link back to its own folder as often as the system lets it: one such link makes
forty-one files of one, and two in a folder have no end.
"""

from __future__ import annotations

import glob
import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_BELOW = "**"


def find_paths(pattern: str, root: str | os.PathLike[str] | None = None) -> list[str]:
    """What the pattern finds, in order, as `glob.glob` names it: from `root` on, where that is given."""
    return sorted(set(_found(pattern.replace(os.sep, "/"), os.fspath(root) if root is not None else "")))


def _found(pattern: str, root: str) -> Iterator[str]:
    parts = pattern.split("/")
    if _BELOW not in parts:
        yield from glob.iglob(pattern, root_dir=root or None)  # noqa: PTH207  # names from the root, and a `./`
        return
    at = parts.index(_BELOW)
    behind = [part for index, part in enumerate(parts[at:]) if part != _BELOW or parts[at + index - 1] != _BELOW]
    rest = "/".join(behind[1:]) or "*"
    head = "".join(f"{part}/" for part in parts[:at])
    for top in _found(head, root) if head else [""]:
        for folder in _folders(top, root):
            yield from (folder + name for name in _found(rest, _joined(root, folder)))


def _folders(top: str, root: str) -> Iterator[str]:
    """The folder and those below it, each as it is put before a name: by its own name sooner than by a link's."""
    seen: set[tuple[int, int]] = set()
    begins = deque([top])
    while begins:
        within = [begins.popleft()]
        while within:
            folder = within.pop()
            place = Path(_joined(root, folder))
            with suppress(OSError):
                state = place.stat()
                if (state.st_dev, state.st_ino) in seen:
                    continue
                seen.add((state.st_dev, state.st_ino))
                yield folder
                for name, is_link in _inner(place):
                    (begins if is_link else within).append(f"{folder}{name}/")


def _inner(place: Path) -> Iterator[tuple[str, bool]]:
    """The folders in one, and whether each is a link; as of `*` of a shell no hidden ones."""
    for entry in sorted(os.scandir(place), key=lambda one: one.name):
        # Of a link to itself the system does not say what it is.
        with suppress(OSError):
            if not entry.name.startswith(".") and entry.is_dir():
                yield entry.name, entry.is_symlink()


def _joined(root: str, folder: str) -> str:
    """The folder as it is from here, with what it ends in: paths would leave that out."""
    return os.path.join(root, folder)  # noqa: PTH118  # texts, of which one may be empty
