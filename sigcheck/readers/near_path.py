"""Near path: what was probably meant by a path that is not there."""

from __future__ import annotations

import os
from pathlib import Path

# A folder of more entries is not looked through for a hint.
_MOST_NAMES = 1000


def near_path(path: Path) -> Path | None:
    """The path with its first missing part replaced by a name that is there; None where none is near.

    A missing ending counts as near: `sensor` is `sensor.keras`.
    """
    from difflib import get_close_matches

    missing = path
    while missing.parent != missing and not os.path.lexists(missing.parent):
        missing = missing.parent
    try:
        with os.scandir(missing.parent) as entries:
            names = [entry.name for entry, _ in zip(entries, range(_MOST_NAMES), strict=False)]
    except (OSError, ValueError):
        return None
    same = sorted(name for name in names if name.partition(".")[0] == missing.name and missing.name)
    found = next(iter(same or get_close_matches(missing.name, sorted(names), 1)), None)
    if found is None:
        return None
    meant = missing.parent / found / path.relative_to(missing)
    # A link to nowhere is near itself.
    return meant if os.path.exists(meant) else None  # noqa: PTH110  # Path.exists raises for some names
