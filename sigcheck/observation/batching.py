"""Batching: rows that a source gives one by one, several at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from sigcheck.schema.errors import SourceError

Row = TypeVar("Row")

# What is held at a time: enough to be counted together.
_ROWS = 4096
_BYTES = 1 << 24


def in_batches(rows: Iterable[tuple[Row, int]]) -> Iterator[list[Row]]:
    """Yields the rows, each given with its bytes. Of a broken one the SourceError comes behind all rows before it."""
    batch: list[Row] = []
    size = 0
    try:
        for row, count in rows:
            batch.append(row)
            size += count
            if len(batch) == _ROWS or size > _BYTES:
                yield batch
                batch, size = [], 0
    except SourceError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
