"""Cursor: where somebody is in a config that need not be one yet: in which table, at which key, before or in a value.

A parser has nothing to say of a text that is half written, so the header above and the line itself are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sigcheck.config.lines import Keys, find_headers, find_lines

_QUOTES = "\"'"
_TOKEN = re.compile(r""""[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|'[^']*'?|#|[.=,{}\[\]]|\s+|(?P<word>[^\s"'#.=,{}\[\]]+)""")


@dataclass(frozen=True)
class Cursor:
    """`path` is the key path of what the word is in: with `is_value` of its key, else of the table that it is a key of.

    `word` is what stands of it before the cursor, from the column `start` on, without the quote that is open.
    """

    path: Keys
    is_value: bool
    is_header: bool
    word: str
    start: int
    quote: str = ""


def locate(text: str, root: Keys, line: int, column: int) -> Cursor | None:
    r"""Where the cursor is; None in a comment, and outside of the tables of the config.

    >>> locate('[models.a]\noutputs.x = { mea', (), 1, 17)
    Cursor(path=('models', 'a', 'outputs', 'x'), is_value=False, is_header=False, word='mea', start=14, quote='')
    """
    lines = text.splitlines()
    if line >= len(lines):
        lines += [""] * (line + 1 - len(lines))
    before = lines[line][:column]
    if before.lstrip().startswith("["):
        inside = before.lstrip().lstrip("[")
        found = _scan(inside, column - len(inside))
        is_header = True
        table: Keys = ()
    else:
        found = _scan(before, 0)
        is_header = False
        table = _table(text, line + 1)
    if found is None:
        return None
    keys, is_value, word, start, quote = found
    path = (*table, *keys)
    if path[: len(root)] != root:
        return None
    return Cursor(path[len(root) :], is_value, is_header, word, start, quote)


def _table(text: str, line: int) -> Keys:
    """The key path of the table that a line, from 1 on, is in."""
    above = max((number for number in find_headers(text) if number < line), default=0)
    if not above:
        return ()
    # A header begins each table on the way to its own: the longest path is its own.
    return max((path for path, at in find_lines(text).items() if at == above), key=len, default=())


class _Line:
    """The keys and brackets that are open where a line ends, and the word that stands there."""

    def __init__(self, end: int) -> None:
        self._end = end
        self._open: list[tuple[str, Keys]] = []
        self._parts: tuple[str, ...] = ()
        self._key: Keys = ()
        self._is_value = False
        self.word, self.start = "", end

    @property
    def place(self) -> tuple[Keys, bool]:
        """The key of the value, or the table of the key, that is written; and which of the two."""
        return (self._key, True) if self._is_value else ((*self._table, *self._parts), False)

    @property
    def _table(self) -> Keys:
        return next((key for bracket, key in reversed(self._open) if bracket == "{"), ())

    def say(self, word: str, start: int) -> None:
        """Takes a key, a part of one, or a value."""
        self.word, self.start = word, start

    def take(self, sign: str) -> None:
        """Takes a sign between words."""
        if sign == "." and not self._is_value:
            self._parts = (*self._parts, self.word)
        elif sign == "=" and not self._is_value:
            self._key, self._is_value = (*self._table, *self._parts, self.word), True
        elif sign in "{[" and self._is_value:
            self._open.append((sign, self._key))
            self._parts, self._is_value = (), sign == "["
        elif sign in "}]" and self._open:
            _, self._key = self._open.pop()
            self._is_value = True
        elif sign == ",":
            self._parts, self._is_value = (), bool(self._open) and self._open[-1][0] == "["
        elif sign == " " and not self._is_value:
            # Between a key and what follows it.
            return
        self.word, self.start = "", self._end


def _scan(text: str, offset: int) -> tuple[Keys, bool, str, int, str] | None:
    """The keys, whether a value stands there, the word, its column and its quote; None within a comment."""
    line = _Line(len(text))
    for found in _TOKEN.finditer(text):
        token, at = found[0], found.start()
        if token[0] == "#":
            return None
        if token[0] in _QUOTES:
            if _closed(token, 0) is None:
                return *line.place, token[1:], offset + at + 1, token[0]
            line.say(token[1:-1], at)
        elif found["word"]:
            line.say(token, at)
        else:
            line.take(" " if token.isspace() else token)
    return *line.place, line.word, offset + line.start, ""


def _closed(text: str, at: int) -> int | None:
    """Where the text ends that begins with the quote at this place; None where it is open."""
    quote, end = text[at], at + 1
    while end < len(text):
        if text[end] == quote:
            return end
        end += 2 if text[end] == "\\" and quote == '"' else 1
    return None


def word_at(text: str, root: Keys, line: int, column: int) -> tuple[Cursor, str] | None:
    """Where the word is that the column is in, and the whole of it."""
    lines = text.splitlines()
    if line >= len(lines):
        return None
    end = _end_of_word(lines[line], column)
    found = locate(text, root, line, end)
    return None if found is None or not found.word else (found, found.word)


def _end_of_word(line: str, column: int) -> int:
    quote = _open_quote(line[:column])
    end = column
    while end < len(line) and (line[end] != quote if quote else line[end].isalnum() or line[end] in "_-"):
        end += 1
    return end


def _open_quote(before: str) -> str:
    at = 0
    while at < len(before):
        if before[at] in "\"'":
            end = _closed(before, at)
            if end is None:
                return before[at]
            at = end
        at += 1
    return ""


def entry_value(text: str, path: Sequence[str | int], key: str) -> str:
    """What a key of an entry says, where that is text on one line; nothing where it is not there yet."""
    at = find_lines(text).get((*path, key))
    if at is None:
        return ""
    _, _, value = text.splitlines()[at - 1].partition("=")
    value = value.strip()
    end = _closed(value, 0) if value[:1] in {'"', "'"} else None
    return value[1:end] if end is not None else ""
