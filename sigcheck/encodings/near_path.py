"""Near path: what was probably meant by a path that is not there."""

from __future__ import annotations

import os
from pathlib import Path

from sigcheck.schema.near_name import near_name

# A folder of more entries is not looked through for a hint.
_MOST_NAMES = 1000


def near_path(path: Path) -> Path | None:
    """The path with its first missing part replaced by a name that is there; None where none is near.

    A missing ending counts as near: `sensor` is `sensor.keras`.
    """
    missing = path
    while missing.parent != missing and not os.path.lexists(missing.parent):
        missing = missing.parent
    try:
        with os.scandir(missing.parent) as entries:
            names = [entry.name for entry, _ in zip(entries, range(_MOST_NAMES), strict=False)]
    except (OSError, ValueError):
        return None
    stems: dict[str, str] = {}
    for name in sorted(names):
        stems.setdefault(_stem(name), name)
    # Endings are of a few kinds: alike are names whose stems are.
    found = near_name(_stem(missing.name), stems)
    if found is None:
        return None
    meant = missing.parent / stems[found] / path.relative_to(missing)
    # A link to nowhere is near itself.
    return meant if os.path.exists(meant) else None  # noqa: PTH110  # Path.exists raises for some names


def _stem(name: str) -> str:
    return name.partition(".")[0] or name
