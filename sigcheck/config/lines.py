"""Lines: where each key of a TOML text stands, so that errors and findings can point at it.

The standard parser gives no lines. Table headers and keys stand at the beginning of a line in
TOML, so a look at each line finds them; what a key path is, the parser itself says. A key that
a multi-line text seems to hold is harmless: it is looked up by nobody, or stands later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sigcheck.readers.written_data import parse_toml

Keys = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)(.+?)(\]\]?)\s*(?:#.*)?")
_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
# Most keys: no need to ask the parser, which takes a tenth of a millisecond.
_BARE = re.compile(r"\s*[A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*\s*")
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")


def find_lines(text: str) -> Mapping[Keys, int]:
    r"""For each key path the line that it stands in first, from 1 on; entries of arrays are counted.

    >>> find_lines('[[links]]\nfrom = "a"')["links", 0, "from"]
    2
    """
    lines: dict[Keys, int] = {}
    arrays: dict[Keys, int] = {}
    table: Keys = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.fullmatch(line)
        if header is not None and len(header[1]) == len(header[3]) and (parts := _parts(header[2])):
            if header[1] == "[[":
                above = _counted(parts[:-1], arrays) + parts[-1:]
                arrays[above] = arrays.get(above, -1) + 1
            table = _counted(parts, arrays)
            _add(lines, table, number)
        elif (key := _KEY.match(line)) is not None and (parts := _parts(key[1])):
            _add(lines, table + parts, number)
    return lines


def line_of(lines: Mapping[Keys, int], path: Keys) -> int:
    """The line of the path, or of the nearest table around it; 1 where none is known."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 1


def _add(lines: dict[Keys, int], path: Keys, number: int) -> None:
    for end in range(1, len(path) + 1):
        lines.setdefault(path[:end], number)


def _counted(parts: Keys, arrays: Mapping[Keys, int]) -> Keys:
    """The path with the index of the last entry behind each array of tables in it."""
    path: Keys = ()
    for part in parts:
        path += (part,)
        if path in arrays:
            path += (arrays[path],)
    return path


def _parts(text: str) -> Keys:
    if _BARE.fullmatch(text):
        return tuple(part.strip() for part in text.split("."))
    try:
        value: Any = parse_toml(f"{text} = 0")
    except ValueError:
        return ()
    parts: list[str] = []
    while isinstance(value, dict):
        ((name, value),) = value.items()
        parts.append(name)
    return tuple(parts)
