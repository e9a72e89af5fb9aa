"""A table of pairs as a text writes them: a key that stands twice would lose one of them without a word."""

from __future__ import annotations

from typing import Any


def distinct(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """A table of these pairs. Raises ValueError for a key that is no text, or stands twice."""
    table: dict[Any, Any] = {}
    for key, value in pairs:
        if not isinstance(key, str):
            raise ValueError(f"the key {key!r}, expected a text: write it in quotes")
        if key in table:
            raise ValueError(f"the key {key!r} stands twice in one table")
        table[key] = value
    return table
