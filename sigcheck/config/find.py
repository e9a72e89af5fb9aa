"""Find: the config of a folder, or of one above it, and its text.

Light to import: who asks whether something changed since the last run needs no more of a config than where it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from sigcheck.encodings.confined import is_within
from sigcheck.encodings.whole_file import read_whole
from sigcheck.encodings.written_data import parse_toml
from sigcheck.schema.budget import bounded
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words

FILE = "sigcheck.toml"
PYPROJECT = "pyproject.toml"
# A hundred thousand links; a config is read whole.
MAX_BYTES = 16 * 2**20
# Entries of a folder, on the way to a word of advice.
_MOST_LOOKED_AT = 1000


def find_config(start: Path) -> Path:
    """The config of the folder, or of the nearest one above it. Raises SourceError where there is none.

    In one folder `sigcheck.toml` comes before `pyproject.toml`, which counts only with [tool.sigcheck].
    What nobody named is not read behind a link that leads out of its folder.
    """
    folder = Path(start).absolute()
    for one in (folder, *folder.parents):
        if os.path.isfile(one / FILE):  # noqa: PTH113  # Path.is_file raises where the name is too long
            if not is_within(one, one / FILE):
                problem = "a link out of its folder, expected a config. Name it with --config."
                raise SourceError(str(one / FILE), problem)
            return one / FILE
        other = one / PYPROJECT
        if os.path.isfile(other) and is_within(one, other) and _is_config(other):  # noqa: PTH113  # it raises here too
            return other
    expected = f"expected {FILE}, or [tool.sigcheck] in {PYPROJECT}"
    below = _below(Path(start))
    cure = f"There is {below}: name it, or write one" if below else "Write one"
    raise SourceError(str(start), f"no config here or above, {expected}. {cure} with `sigcheck init`.")


def _below(folder: Path) -> Path | None:
    """A config in a folder of this one, as `sigcheck init FOLDER` leaves it; of several the first by name."""
    try:
        with os.scandir(folder) as entries:
            names = [one.name for one in islice(entries, _MOST_LOOKED_AT) if one.is_dir(follow_symlinks=False)]
    except OSError:
        return None
    found = (folder / name / FILE for name in sorted(names))
    return next((one for one in found if os.path.isfile(one)), None)  # noqa: PTH113  # as in `find_config`: it raises for long names


def has_config(path: Path, text: str) -> bool:
    """Whether a file of this name and text holds a config. Raises SourceError where it is no TOML."""
    with bounded(str(path)):
        return path.name != PYPROJECT or "sigcheck" in tool_of(parse_text(path, text))


def read_text(path: Path) -> str:
    """The text of a config. Raises SourceError where it cannot be read."""
    try:
        return read_whole(path, MAX_BYTES, "a config").decode("utf-8-sig")
    except FileNotFoundError:
        raise SourceError(str(path), "no such file. Check the path, or write one with `sigcheck init`.") from None
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {system_words(error)}. Check the path.") from None
    except UnicodeDecodeError as error:
        raise SourceError(str(path), f"byte {error.start} is not UTF-8 text. Save the file as UTF-8.") from None


def parse_text(path: Path, text: str) -> dict[str, Any]:
    """What the text of a config says, as TOML has it. Raises SourceError where it is none."""
    try:
        written: dict[str, Any] = parse_toml(text)
    except RecursionError:
        raise SourceError(str(path), "nested too deep for a config. Write it flat.") from None
    except ValueError as error:
        # The parser says line and column.
        cure = "Write all of it in one place, below the table" if _is_twice(str(error)) else "Correct it there"
        raise SourceError(str(path), f"not TOML: {error}. {cure}.") from None
    return written


def _is_twice(problem: str) -> bool:
    """Whether a table was begun by a line such as models.a.inputs.x.range, and is written out further down."""
    return " twice (" in problem


def tool_of(written: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tables of all tools in a pyproject.toml."""
    tool = written.get("tool")
    return tool if isinstance(tool, dict) else {}


def _is_config(path: Path) -> bool:
    return has_config(path, read_text(path))
