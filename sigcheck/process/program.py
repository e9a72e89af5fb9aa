"""Program: where the user's PATH has one that sigcheck runs, and never one of the repository that is looked at."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def find_program(name: str, folder: Path) -> str | None:
    """The whole path of a program; None where PATH has none that lies outside of the folder's checkout.

    An entry of PATH that is relative, or lies in the checkout, is anybody's: who sends a pull request
    could put a program there, and one that is found first would hide the one that is meant.
    """
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    whole = filter(os.path.isabs, entries)
    kept = [one for one in whole if not _is_of_checkout(Path(one), folder)]
    return shutil.which(name, path=os.pathsep.join(kept)) if kept else None


def _is_of_checkout(entry: Path, folder: Path) -> bool:
    try:
        own, place = folder.resolve(), entry.resolve()
    except (OSError, RuntimeError):
        # The folder was deleted, or the entry is a loop of links.
        return False
    tops = [one for one in (own, *own.parents) if os.path.lexists(one / ".git")]
    return place.is_relative_to(tops[0]) if tops else place == own
