"""Printable: text from files and users, as it may stand in a terminal or a log."""

from __future__ import annotations

# More of a name than this is not read in a message.
_MOST_SHOWN = 100


def shortened(text: str) -> str:
    """The text as it may stand in a message, its end left out where it is long."""
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


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
