"""Printable: text from files and users, as it may stand in a terminal or a log."""

from __future__ import annotations

import re

# More of a name than this is not read in a message.
_MOST_SHOWN = 100


def shortened(text: str) -> str:
    """The text as it may stand in a message, its end left out where it is long."""
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


# What the logs of GitHub, Azure Pipelines and TeamCity obey wherever it stands, and what that of GitHub obeys at the
# beginning of a line.
_COMMAND = re.compile(r"##(?=(?:vso|teamcity)?\[)")
_BEGINNING = re.compile(r"^([ \t]*):(?=:)", re.MULTILINE)


def printable(text: str) -> str:
    r"""The text with what a terminal or the log of a build would obey, or hide, written as an escape.

    Names come from files that anybody may have written: escape codes, newlines, marks that
    turn the direction of writing and workflow commands must not reach a terminal or a log.

    >>> printable("x\x1b[31m\nERROR ##[error]")
    'x\\x1b[31m\\nERROR #\\x23[error]'
    """
    if "##" in text:
        text = _COMMAND.sub(r"#\\x23", text)
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode("ascii") for one in text
    )


def without_commands(text: str) -> str:
    r"""Printable lines of which none begins as a workflow command does: `::` and a name of it.

    >>> without_commands("  ::stop-commands::x")
    '  \\x3a:stop-commands::x'
    """
    return _BEGINNING.sub(r"\1\\x3a", text) if "::" in text else text
