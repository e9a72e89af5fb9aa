"""Page: what a text is written on, how wide, and whether it has colours."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from sigcheck.schema.printable import printable

__all__ = ["DEFAULT_PAGE", "Colour", "Page", "break_words", "columns", "printable"]

Colour = Literal["red", "yellow", "green", "cyan", "bold", "dim"]

# Select Graphic Rendition parameters (ECMA-48, 8.3.117).
_CODES: dict[Colour, str] = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}

# Narrower pages would break every word.
LEAST_WIDTH = 40


@dataclass(frozen=True)
class Page:
    """How a text is written.

    `width` is in columns. `is_verbose` adds what is left out for brevity, `is_quiet` leaves
    out all but findings at level error. `docs` is the address of a site of the documentation, its
    end a slash; empty where there is none.
    """

    width: int = 80
    has_colour: bool = False
    is_verbose: bool = False
    is_quiet: bool = False
    docs: str = ""

    def address_of(self, kind: Literal["rules", "transforms", "junctions"], name: str) -> str:
        """Where the page of a rule, transform or junction is; empty without a site."""
        return f"{self.docs}{kind}/{name}.html" if self.docs else ""

    def paint(self, text: str, *colours: Colour) -> str:
        """The text in these colours; as it is on a page without."""
        if not self.has_colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[colour] for colour in colours)}m{text}\x1b[0m"

    def wrap(self, text: str, *, first: str = "", rest: str = "") -> list[str]:
        """The lines of a text, the first behind one indent and the others behind another.

        Words stay whole, options such as `--fact` too, as long as a line has room for them.
        """
        width = max(LEAST_WIDTH, self.width)
        lines = break_words(text, width - columns(rest), width - columns(first))
        return [first + lines[0], *(rest + line for line in lines[1:])]


DEFAULT_PAGE = Page()


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: two for wide letters, none for marks on others."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def break_words(text: str, width: int, first: int | None = None) -> list[str]:
    """The text in lines of at most this many columns, the first line of another width if given.

    Lines end behind words; a word that is longer than a line is cut.

    >>> break_words("cut sequences", 5)
    ['cut', 'seque', 'nces']
    """
    lines: list[str] = []
    line = ""
    room = width if first is None else first
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if columns(joined) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
            room = width
        line = word
        while columns(line) > room:
            cut = _cut(line, room)
            lines.append(line[:cut])
            line = line[cut:]
            room = width
    return [*lines, line]


def _cut(text: str, width: int) -> int:
    """How many characters of the text fill this width; at least one."""
    taken = 0
    for at, letter in enumerate(text):
        taken += columns(letter)
        if taken > width:
            return max(1, at)
    return len(text)
