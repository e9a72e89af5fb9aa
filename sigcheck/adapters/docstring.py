"""The docstring of a file that may be anything: read without parsing the file, which may take gigabytes."""

from __future__ import annotations

import ast

from sigcheck.encodings.quoted import find_end

_QUOTES = '"""'
# What editors and licences put before it: lines that are blank or a comment.
_MOST_LINES = 200


def read_docstring(source: str) -> str | None:
    """The docstring in triple double quotes that the source begins with, as sigcheck writes it; None where none is.

    >>> read_docstring('# ours' + chr(10) + chr(34) * 3 + 'Adapter.' + chr(34) * 3 + ' x = [')
    'Adapter.'
    """
    text = source.removeprefix("\ufeff")
    start = _first_statement(text)
    if not text.startswith(_QUOTES, start):
        return None
    end = find_end(text, _QUOTES, start + len(_QUOTES))
    if end < 0:
        return None
    try:
        found = ast.literal_eval(text[start : end + len(_QUOTES)])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return found if isinstance(found, str) else None


def _first_statement(source: str) -> int:
    """Where the first line begins that is neither blank nor a comment."""
    at = 0
    for _ in range(_MOST_LINES):
        end = source.find("\n", at)
        line = source[at : end if end >= 0 else at + 1].strip()
        if end < 0 or (line and not line.startswith("#")):
            break
        at = end + 1
    return at
