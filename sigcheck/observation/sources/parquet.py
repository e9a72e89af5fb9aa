"""Columns of a Parquet file; lists are rows of varying or of equal length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from sigcheck.observation.arrow import column_from, has_tensor, require_arrow, require_unlike
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch
from sigcheck.observation.observer import require_few
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words

NAME = "parquet"
SUFFIXES: tuple[str, ...] = (".parquet", ".pq")
HEEDS: tuple[str, ...] = ()

# Of what is told of the type of a column, which may be a structure of hundreds of others.
_LONGEST = 80
_MOST_ROWS, _MOST_BYTES = 1 << 14, 1 << 24
_VALUE_BYTES = 8
# Without it a column of a group of rows is read whole, compressed as it is.
_BUFFER_BYTES = 1 << 20


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The values of each column."""
    arrow = require_arrow(place, "Parquet")
    from pyarrow import parquet

    is_open = False
    try:
        table = parquet.ParquetFile(file)
        require_few(table.schema_arrow.names, place)
        # A text of megabytes that is in all rows is once in the file, and so in memory.
        texts = [field.name for field in table.schema_arrow if _is_text(arrow.types, field.type)]
        table = parquet.ParquetFile(file, read_dictionary=texts, buffer_size=_BUFFER_BYTES)
        is_open = True
        schema = table.schema_arrow
        require_unlike(schema.names, place)
        fields = [field for field in schema if asked.wants(field.name)]
        left_out = {field.name: str(field.type)[:_LONGEST] for field in fields if not has_tensor(field.type)}
        names = [field.name for field in fields if field.name not in left_out]
        others = [field.name for field in schema if not asked.wants(field.name)]
        # The rows are counted of no column, too.
        size = _rows_at_a_time(table.metadata)
        for batch in table.iter_batches(batch_size=size, columns=names, use_threads=False):
            columns = {
                one: column_from(column, f"{place}: {one}")
                for one, column in zip(batch.schema.names, batch.columns, strict=True)
            }
            yield Batch(columns, batch.num_rows, left_out, others)
    except UnicodeDecodeError:
        raise SourceError(place, "a name of a column that is no UTF-8. Write it again.") from None
    except (arrow.ArrowInvalid, arrow.ArrowNotImplementedError, OSError) as error:
        told = "cannot be read" if is_open else "no Parquet file"
        cure = "Ask for other columns alone, or write it again." if is_open else "Write it again."
        raise SourceError(place, f"{told}: {system_words(error).rstrip('.')}. {cure}") from None


def _rows_at_a_time(metadata: Any) -> int:
    """As many rows as a batch has room for, by what the file says of its groups of rows."""
    groups = (metadata.row_group(at) for at in range(metadata.num_row_groups))
    row = max((_bytes_of(group) // max(1, group.num_rows) for group in groups), default=0)
    return max(1, min(_MOST_ROWS, _MOST_BYTES // max(1, row)))


def _bytes_of(group: Any) -> int:
    """What a group of rows takes as it is read: a value that is in all of them is once in the file, and often here."""
    columns = (group.column(at) for at in range(group.num_columns))
    return sum(max(one.total_uncompressed_size, one.num_values * _VALUE_BYTES) for one in columns)


def _is_text(types: Any, kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_binary(kind))
