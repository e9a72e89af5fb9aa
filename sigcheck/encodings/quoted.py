r"""Quoted: where a text in quotes ends, in time and memory that its length bounds.

A pattern of alternatives (`(?:[^"\\]|\\.)*`) keeps a place to return to for each character: megabytes
in quotes become gigabytes.
"""

from __future__ import annotations


def find_end(text: str, mark: str, at: int, end: int | None = None) -> int:
    r"""Where the mark stands first that no backslash takes away; -1 where it does not.

    >>> find_end(r'a\"b" c', '"', 0)
    4
    """
    stop = len(text) if end is None else end
    while (found := text.find(mark, at, stop)) >= 0:
        before = found
        while before > at and text[before - 1] == "\\":
            before -= 1
        if (found - before) % 2 == 0:
            return found
        at = found + 1
    return -1
