"""Printable: text from files and users, as it may stand in a terminal or a log."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""The text with what a terminal would obey or hide written as an escape.

    Names come from files that anybody may have written: escape codes, newlines and marks that
    turn the direction of writing must not reach a terminal or a log.

    >>> printable("x\x1b[31m\nERROR")
    'x\\x1b[31m\\nERROR'
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode("ascii") for one in text
    )
