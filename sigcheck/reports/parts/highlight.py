"""Highlight: Python code as HTML, with its strings, comments, keywords and numbers told apart.

Python's own tokenizer reads it: what sigcheck writes is valid Python. Few elements are used, so
that hundreds of adapters fit in one page.
"""

from __future__ import annotations

import keyword
import tokenize
from collections.abc import Iterator
from io import StringIO

from sigcheck.reports.parts.canvas import escaped


def highlight(source: str) -> str:
    """The code as HTML, escaped; without colours where it is no valid Python.

    >>> highlight("return 1")
    '<b>return</b> <u>1</u>'
    """
    try:
        spans = list(_spans(source))
    except (tokenize.TokenError, SyntaxError):
        return _lines(source)
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    parts, done = [], 0
    for tag, (row, column), (end_row, end_column) in spans:
        start, end = starts[row - 1] + column, starts[end_row - 1] + end_column
        parts += [_lines(source[done:start]), f"<{tag}>{_lines(source[start:end])}</{tag}>"]
        done = end
    return "".join([*parts, _lines(source[done:])])


def _spans(source: str) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Yields the element, start and end (line from 1, column from 0) of each token that has a colour."""
    for token in tokenize.generate_tokens(StringIO(source).readline):
        tag = {tokenize.STRING: "i", tokenize.COMMENT: "s", tokenize.NUMBER: "u"}.get(token.type)
        if token.type == tokenize.NAME and keyword.iskeyword(token.string):
            tag = "b"
        if tag is not None:
            yield tag, token.start, token.end


def _lines(text: str) -> str:
    return "\n".join(map(escaped, text.split("\n")))
