"""Answers: what a command said of a project, said again where nothing that it looked at has changed.

An answer is found by the question, and kept with what was asked of files on the way to it: where these would
answer otherwise now, it counts as none. What cannot be followed so, an address, a pattern of files, a revision, code
that is imported, is never answered from here (`encodings/trace`).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from sigcheck.encodings.trace import traced
from sigcheck.encodings.unchanged import is_unchanged, seal
from sigcheck.project.cache import Cache, key_of
from sigcheck.schema.printable import printable, without_commands

# In characters: of a report that is longer, writing it takes as long as making it.
_MOST_TEXT = 2**24
# What could not be checked is looked at again each time.
_CODES = (0, 1)
# Select Graphic Rendition (ECMA-48, 8.3.117): all of a terminal that a report makes use of.
_COLOUR = re.compile(r"\x1b\[[0-9;]{1,20}m")


class Answer(NamedTuple):
    """What a command says: its exit code, its text, and a line on stderr, "" for none.

    `is_final` is False where another run, of the same files, may say something else; `is_kept` says that it was made
    by an earlier one.
    """

    code: int
    text: str
    told: str = ""
    is_final: bool = False
    is_kept: bool = False


def answer(cache: Cache, question: Sequence[Any], make: Callable[[], Answer]) -> Answer:
    """What was answered before where it still holds, else what is made now.

    The question is all that decides besides files, as JSON can hold it, and what is installed.
    """
    key = key_of("answer", os.getcwd(), _installed(), *question)  # noqa: PTH109  # a text
    kept = _restore(cache.get("answers", key))
    if kept is not None:
        return kept
    with traced() as trace:
        made = make()
    if (
        made.is_final
        and made.code in _CODES
        and len(made.text) <= _MOST_TEXT
        and _is_plain(made.text)
        and _is_plain(made.told)
    ):
        seen = seal(trace)
        if seen is not None:
            cache.put("answers", key, {"code": made.code, "text": made.text, "told": made.told, "seen": seen})
    return made


def _restore(kept: Any) -> Answer | None:
    """The answer that was kept; None where it is broken, or not what would be said now."""
    if not isinstance(kept, dict):
        return None
    code, text, told = kept.get("code"), kept.get("text"), kept.get("told")
    if type(code) is not int or code not in _CODES or not isinstance(text, str) or not isinstance(told, str):
        return None
    # Whatever else may have been written into the folder, no terminal and no log obeys it.
    if not _is_plain(text) or not _is_plain(told) or not is_unchanged(kept.get("seen")):
        return None
    return Answer(code, text, told, is_final=True, is_kept=True)


def _is_plain(text: str) -> bool:
    """Whether a terminal shows the text, with colours at most, and the log of a build obeys nothing in it."""
    bare = _COLOUR.sub("", text) if "\x1b" in text else text
    return without_commands(bare) == bare and all(printable(line) == line for line in bare.split("\n"))


def _installed() -> list[list[Any]]:
    """The folders that Python imports from: installing something changes the times of one."""
    found: list[list[Any]] = []
    here = os.getcwd()  # noqa: PTH109  # a text
    for place in sys.path:
        # The current folder is that of the project, and what is written into it is no installation.
        if place and os.path.abspath(place) != here:  # noqa: PTH100  # a text
            with suppress(OSError):
                found.append([place, Path(place).stat().st_mtime_ns])
    return found
