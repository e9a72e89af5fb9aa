"""Lines: where each key of a TOML text stands, so that errors and findings can point at it.

The standard parser gives no lines. Table headers and keys stand at the beginning of a line in
TOML, so a look at each line finds them. A key that a multi-line text seems to hold is harmless: it
is looked up by nobody, or stands later.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from functools import lru_cache

from sigcheck.encodings.toml_shape import MOST_KEY_PARTS

Keys = tuple[str | int, ...]

# Counted, because each turn of a group keeps a place to return to: more escapes, or parts, are no key of a config.
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\\]*(?:\\.[^"\\]*){0,100}"|'[^']*')"""
_PATH = rf"{_PART}(?:\s*\.\s*{_PART}){{0,{MOST_KEY_PARTS}}}"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_PATH})\s*(\]\]?)\s*(?:#.*)?")
_KEY = re.compile(rf"\s*({_PATH})\s*=")
_NEXT_PART = re.compile(rf"\s*({_PART})\s*(?:\.|\Z)")
_LONG_ESCAPE = re.compile(r"\\U([0-9A-Fa-f]{8})")


def find_lines(text: str, most_parts: int = sys.maxsize) -> Mapping[Keys, int]:
    r"""For each key path the line that it stands in first, from 1 on; entries of arrays are counted.

    Paths of more than `most_parts` are left out.

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
            _add(lines, table[:most_parts], number)
        elif len(table) < most_parts and (key := _KEY.match(line)) is not None and (parts := _parts(key[1])):
            _add(lines, (table + parts)[:most_parts], number, len(table))
    return lines


def find_headers(text: str) -> frozenset[int]:
    """The lines that begin a table, from 1 on."""
    return frozenset(
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := _HEADER.fullmatch(line)) is not None and len(found[1]) == len(found[3])
    )


def line_of(lines: Mapping[Keys, int], path: Keys) -> int:
    """The line of the path, or of the nearest table around it; 1 where none is known."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 1


def _add(lines: dict[Keys, int], path: Keys, number: int, known: int = 0) -> None:
    """Adds the line of each part of the path but the first ones, which stand there already."""
    for end in range(known + 1, len(path) + 1):
        lines.setdefault(path[:end], number)


def _counted(parts: Keys, arrays: Mapping[Keys, int]) -> Keys:
    """The path with the index of the last entry behind each array of tables in it."""
    path: Keys = ()
    for part in parts:
        path += (part,)
        if path in arrays:
            path += (arrays[path],)
    return path


# Each entry of a table has the keys of the others.
@lru_cache
def _parts(text: str) -> Keys:
    """The parts of a dotted key; none where it is no key, or has more parts than the parser is given."""
    parts: list[str] = []
    at = 0
    while (found := _NEXT_PART.match(text, at)) is not None and len(parts) <= MOST_KEY_PARTS:
        parts.append(found[1])
        at = found.end()
    if at < len(text) or len(parts) > MOST_KEY_PARTS:
        return ()
    try:
        return tuple(_unquoted(part) for part in parts)
    except ValueError:
        return ()


def _unquoted(part: str) -> str:
    if part[0] == "'":
        return part[1:-1]
    if part[0] != '"':
        return part
    if "\\" not in part:
        return part[1:-1]
    # Beside these of eight digits the escapes of TOML are those of JSON.
    plain: str = json.loads(_LONG_ESCAPE.sub(lambda found: chr(int(found[1], 16)), part), strict=False)
    return plain
