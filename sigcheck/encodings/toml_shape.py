"""TOML, looked over before it is parsed: its parser has no bounds.

It takes a key apart for each of its prefixes, and keeps them: one key of a hundred thousand parts
takes gigabytes. And it takes some microseconds for each key and value, so that megabytes of short
ones take longer than anybody waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sigcheck.encodings.quoted import find_end
from sigcheck.schema.budget import spend

# `models.NAME.outputs.NAME.quantization.scale` has six.
MOST_KEY_PARTS = 32

# In microseconds of the parser: for a header, a key, a value in a list, a part of a key, a thousand characters.
_HEADER, _KEY, _VALUE, _PART, _THOUSAND = 8, 4, 2, 3, 60
# It begins anew at each line, be it a comment or nothing.
_LINES_OF_STEP = 3
# Texts and comments are stepped over, in a microsecond each.
_PORTION = 1_000

_ASIDE = re.compile("[\"'#]")
# A key begins where no part is under way, so that each is looked at once.
_LONG_KEY = re.compile(rf"(?<![\w.-])[\w-]+(?:[ \t]*\.[ \t]*[\w-]+){{{MOST_KEY_PARTS}}}")


def check_toml(text: str) -> None:
    """Looks a text over that is to be parsed.

    Raises ValueError for a key of more than MOST_KEY_PARTS parts, and LimitError where the parser would
    take more than the budget that is open.
    """
    values = text.count(",") + text.count("[")
    steps = _HEADER * text.count("\n[") + _KEY * text.count("=") + _VALUE * values + _PART * text.count(".")
    spend(steps + text.count("\n") // _LINES_OF_STEP + _THOUSAND * len(text) // 1000)
    if not _has_many_dots(text):
        return
    found = _LONG_KEY.search("".join(_without_texts(text)))
    if found is not None:
        raise ValueError(f"a key of more than {MOST_KEY_PARTS} parts: {found[0][:20]}...")


def _has_many_dots(text: str) -> bool:
    """Whether a line, in which a key has to stand, has as many dots as a key of too many parts."""
    between = 0
    # A line for each entry is looked at in a fifth of the time that all lines take.
    for part in text.split(".")[1:-1]:
        between = 0 if "\n" in part else between + 1
        if between >= MOST_KEY_PARTS - 1:
            return True
    return False


def _without_texts(text: str) -> Iterator[str]:
    """Yields what is neither text nor comment; for each text, which may be a part of a key, a letter."""
    at = line = count = 0
    while (found := _ASIDE.search(text, at)) is not None:
        yield text[at : found.start()]
        count += 1
        if count % _PORTION == 0:
            spend(_PORTION)
        if line <= found.start():
            # Looked for once in each line: a line may hold a text for each two of its characters.
            line = text.find("\n", found.start())
            line = len(text) if line < 0 else line
        at = _behind(text, found.start(), line)
        if found[0] != "#":
            yield "t"
    yield text[at:]


def _behind(text: str, start: int, line: int) -> int:
    """Where the text or comment ends that begins here, in a line that ends there.

    One that is not closed is refused by the parser.
    """
    mark = text[start]
    if mark == "#":
        return line
    if text.startswith(mark * 3, start):
        end = find_end(text, mark * 3, start + 3) if mark == '"' else text.find(mark * 3, start + 3)
        if end < 0:
            return len(text)
        # Up to two marks before the closing ones are of the text.
        return end + 3 + len(text[end + 3 : end + 5]) - len(text[end + 3 : end + 5].lstrip(mark))
    end = find_end(text, mark, start + 1, line) if mark == '"' else text.find(mark, start + 1, line)
    return line if end < 0 else end + 1
