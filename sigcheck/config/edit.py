"""Edit: the text of a config with an entry more or less, and all else as somebody wrote it.

The lines of an entry are found as `lines` finds them, and a comment goes with what it stands above: libraries
that keep the style of a TOML text give it to the table before. What comes out is read again, and counts only where it
says what was meant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sigcheck.config.config import Config
from sigcheck.config.entries import Entries
from sigcheck.config.lines import Keys, find_headers, find_lines
from sigcheck.config.load import parse_config
from sigcheck.encodings.toml_text import write_key, write_value
from sigcheck.encodings.written_data import parse_toml
from sigcheck.schema.errors import SigcheckError


def without_ignores(config: Config, numbers: Collection[int]) -> str | None:
    """The text without the `[[ignore]]` entries of these numbers, from 0 on; None where it is to be done by hand."""
    lines, at = config.text.splitlines(keepends=True), find_lines(config.text)
    starts = find_headers(config.text)
    for number in sorted(numbers, reverse=True):
        header = at.get((*config.root, "ignore", number))
        if header not in starts:
            # In an array of inline tables.
            return None
        first, end = _with_comment(lines, header), _end(lines, header, starts)
        while end < len(lines) and not lines[end].strip():
            end += 1
        del lines[first - 1 : end]
    text = "".join(lines)
    kept = tuple(one for number, one in enumerate(config.entries.ignore) if number not in numbers)
    if not kept:
        text = text.rstrip() + "\n"
    return text if _entries(config, text) == config.entries.model_copy(update={"ignore": kept}) else None


def with_member(config: Config, table: Keys, key: Sequence[str], member: Mapping[str, Any]) -> str | None:
    """The text with members more in a table: `key = { member }` of the entry `table`, such as `("models", "a")`.

    It is written where the key stands, else at the end of its entry. None where a member is there, or it is to be
    done by hand.
    """
    lines, at = config.text.splitlines(keepends=True), find_lines(config.text)
    path = (*config.root, *table)
    starts, header, known = find_headers(config.text), at.get(path), at.get((*path, *key))
    if any((*path, *key, name) in at for name in member):
        return None
    if header not in starts:
        return None
    written = ".".join(map(write_key, key))
    if known is None:
        end = _end(lines, header, starts)
        lines[end - 1] = lines[end - 1].rstrip("\r\n") + "\n"
        lines.insert(end, f"{written} = {write_value(dict(member))}\n")
    elif known in starts:
        # A table of its own.
        end = _end(lines, known, starts)
        lines[end - 1] = lines[end - 1].rstrip("\r\n") + "\n"
        lines[end:end] = [f"{write_key(name)} = {write_value(value)}\n" for name, value in member.items()]
    else:
        inside = lines[known - 1].rstrip()
        if inside.endswith("}"):
            before = inside[:-1].rstrip()
            comma = " " if before.endswith("{") else ", "
            lines[known - 1] = f"{before}{comma}{write_value(dict(member))[2:]}\n"
        else:
            # Written with dots, as `inputs.x.range = [0, 1]`.
            added = [f"{written}.{write_key(name)} = {write_value(value)}\n" for name, value in member.items()]
            lines[known - 1 : known - 1] = added
    text = "".join(lines)
    if _entries(config, text) is None:
        return None
    return text if parse_toml(text) == _with(parse_toml(config.text), (*path, *key), member) else None


def _with(data: Any, path: Keys, member: Mapping[str, Any]) -> Any:
    """What a TOML text says, with these members more in a table, which is made where it is not there."""
    table = data
    for part in path:
        table = table[part] if isinstance(part, int) else table.setdefault(part, {})
    table.update(member)
    return data


def _entries(config: Config, text: str) -> Entries | None:
    """What a text says as that config; None where it is none."""
    try:
        return parse_config(config.path, text).entries
    except SigcheckError:
        return None


def _end(lines: Sequence[str], header: int, starts: Collection[int]) -> int:
    """The last line of the entry of this header that says something."""
    last = header
    for number in range(header + 1, len(lines) + 1):
        if number in starts:
            break
        if _says(lines[number - 1]):
            last = number
    return last


def _with_comment(lines: Sequence[str], header: int) -> int:
    """The first line of the comment above a header, or the header."""
    while header > 1 and lines[header - 2].lstrip().startswith("#"):
        header -= 1
    return header


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
