"""Own files: whether all that a model's folder holds is its own, before it is copied elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from sigcheck.schema.errors import UsageError
from sigcheck.schema.system_error import system_words


def refuse_foreign(folder: Path) -> None:
    """Raises UsageError for a link that leads out of the folder, and for what is neither file nor folder.

    A copy of the folder, and a model that is saved with its assets, would hold what the link leads to.
    """
    root = Path(os.path.realpath(folder))
    try:
        for place, folders, files in os.walk(root, onerror=_raise):
            for name in (*folders, *files):
                _check(Path(place, name), root)
    except OSError as error:
        raise UsageError(str(folder), f"cannot be read: {system_words(error)}. Mend the folder.") from error


def _check(path: Path, root: Path) -> None:
    target = Path(os.path.realpath(path))
    if path.is_symlink() and (target.is_dir() or not target.is_relative_to(root)):
        problem = "a link that leads out of the model" if not target.is_relative_to(root) else "a link to a folder"
        raise UsageError(str(path), f"{problem}, expected its own files. Put the file itself in its place.")
    if not target.is_file() and not target.is_dir():
        raise UsageError(str(path), "neither a file nor a folder, expected files of a model. Remove it.")


def _raise(error: OSError) -> None:
    raise error
