"""Columns of a Parquet file; lists are rows of varying or of equal length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from sigcheck.observation.arrow import column_from, has_tensor, require_arrow
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch
from sigcheck.observation.observer import require_few
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words

NAME = "parquet"
SUFFIXES: tuple[str, ...] = (".parquet", ".pq")
HEEDS: tuple[str, ...] = ()

# Of what is told of columns.
_LONGEST = 200
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
        left_out = {field.name: field.type for field in table.schema_arrow if not has_tensor(field.type)}
        for batch in table.iter_batches(batch_size=_rows_at_a_time(table.metadata), use_threads=False):
            columns = {
                one: column_from(column, f"{place}: {one}")
                for one, column in zip(batch.schema.names, batch.columns, strict=True)
                if one not in left_out
            }
            yield Batch(columns, batch.num_rows, _told(left_out))
    except UnicodeDecodeError:
        raise SourceError(place, "a name of a column that is no UTF-8. Write it again.") from None
    except (arrow.ArrowInvalid, arrow.ArrowNotImplementedError, OSError) as error:
        told = "cannot be read" if is_open else "no Parquet file"
        raise SourceError(place, f"{told}: {system_words(error).rstrip('.')}. Write it again.") from None


def _rows_at_a_time(metadata: Any) -> int:
    """As many rows as a batch has room for, by what the file says of its groups of rows."""
    groups = (metadata.row_group(at) for at in range(metadata.num_row_groups))
    row = max((_bytes_of(group) // max(1, group.num_rows) for group in groups), default=0)
    return max(1, min(_MOST_ROWS, _MOST_BYTES // max(1, row)))


def _bytes_of(group: Any) -> int:
    """What a group of rows takes as it is read: a value that is in all of them is once in the file, and often here."""
    columns = (group.column(at) for at in range(group.num_columns))
    return sum(max(one.total_uncompressed_size, one.num_values * _VALUE_BYTES) for one in columns)


def _told(left_out: Mapping[str, Any]) -> str | None:
    if not left_out:
        return None
    told = ", ".join(f"{name} ({kind})" for name, kind in left_out.items())
    short = told if len(told) <= _LONGEST else f"{told[:_LONGEST]}..."
    return f"{short}: left out, expected numbers, texts or lists of them. Convert these columns."


def _is_text(types: Any, kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_binary(kind))
