"""A table of texts, fitted to the width of a page; plain characters, so that it can be copied."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.reports.parts.page import Colour, Page, break_words, columns

_GAP = "  "
_LEAST_COLUMN = 8


def table(
    page: Page, header: Sequence[str], rows: Sequence[Sequence[str]], *, indent: str = "", paints: Sequence[Colour] = ()
) -> list[str]:
    """The lines of a table: a header, then the rows; cells that are too wide go on below.

    `paints` gives the colour of the last cell of each row.
    """
    widths = _fit([*map(list, zip(header, *rows, strict=True))], page.width - columns(indent))
    lines = [page.paint(line, "bold") for line in _row(header, widths, indent)]
    for at, row in enumerate(rows):
        texts = _row(row, widths, indent)
        if paints:
            # The last cell ends the line, so that its colour disturbs no column.
            start = columns(indent) + sum(width + len(_GAP) for width in widths[:-1])
            texts[0] = texts[0][:start] + page.paint(texts[0][start:], paints[at])
        lines += texts
    return lines


def _fit(cells: list[list[str]], width: int) -> list[int]:
    """The width of each column: its longest cell, the widest columns narrowed until all fit."""
    widths = [max(map(columns, column)) for column in cells]
    room = width - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room:
        widest = max(widths)
        if widest <= _LEAST_COLUMN:
            break
        others = [one for one in widths if one < widest]
        count = len(widths) - len(others)
        target = max(max(others, default=_LEAST_COLUMN), (room - sum(others)) // count, _LEAST_COLUMN)
        if target >= widest:
            target = widest - 1
        widths = [min(one, target) for one in widths]
    return widths


def _row(cells: Sequence[str], widths: Sequence[int], indent: str) -> list[str]:
    parts = [break_words(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, parts))
    lines = []
    for at in range(height):
        texts = [part[at] if at < len(part) else "" for part in parts]
        padded = [text + " " * (width - columns(text)) for text, width in zip(texts, widths, strict=True)]
        lines.append((indent + _GAP.join(padded)).rstrip())
    return lines
