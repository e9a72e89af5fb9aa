"""Columns of a Parquet file; lists are rows of varying or of equal length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from sigcheck.observation.arrow import column_from, require_arrow
from sigcheck.observation.column import Batch
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words

NAME = "parquet"
SUFFIXES: tuple[str, ...] = (".parquet", ".pq")

_ROWS = 1 << 14


def batches(file: BinaryIO, place: str, name: str) -> Iterator[Batch]:
    """The values of each column."""
    arrow = require_arrow(place, "Parquet")
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file)
        for batch in table.iter_batches(batch_size=_ROWS, use_threads=False):
            columns = {
                one: column_from(column, f"{place}: {one}")
                for one, column in zip(batch.schema.names, batch.columns, strict=True)
            }
            yield Batch(columns, batch.num_rows)
    except (arrow.ArrowInvalid, arrow.ArrowNotImplementedError, OSError) as error:
        raise SourceError(place, f"no Parquet file: {system_words(error)}. Write it again.") from None
