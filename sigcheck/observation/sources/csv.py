"""Columns of comma-separated values with a header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from sigcheck.observation.arrow import column_from, require_arrow
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch
from sigcheck.observation.observer import require_few
from sigcheck.schema.errors import SourceError

NAME = "csv"
SUFFIXES: tuple[str, ...] = (".csv",)
HEEDS: tuple[str, ...] = ()

_BLOCK_BYTES = 1 << 22


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The cells of each column: float64 where the cells of the first rows are numbers, else texts."""
    arrow = require_arrow(place, "CSV")
    try:
        numbers = _open(file, {}).schema
        require_few(numbers.names, place)
        file.seek(0)
        types = {
            field.name: arrow.float64()
            if arrow.types.is_integer(field.type) or arrow.types.is_floating(field.type)
            else arrow.string()
            for field in numbers
        }
        twice = [name for name, count in Counter(numbers.names).items() if count > 1]
        if twice:
            raise SourceError(place, f"two columns {twice[0]!r}, expected names that differ. Rename one.")
        for batch in _open(file, types):
            columns = {
                one: column_from(column, f"{place}: {one}") for one, column in zip(types, batch.columns, strict=True)
            }
            yield Batch(columns, batch.num_rows)
    except UnicodeDecodeError:
        raise SourceError(place, "a name of a column that is no UTF-8. Save the file as UTF-8.") from None
    except arrow.ArrowInvalid as error:
        told = str(error).partition("\n")[0].rstrip(".")
        raise SourceError(place, f"no table of one type for each column: {told}. Correct the cell.") from None


def _open(file: BinaryIO, types: dict[str, Any]) -> Any:
    from pyarrow import csv

    return csv.open_csv(
        file,
        read_options=csv.ReadOptions(block_size=_BLOCK_BYTES),
        convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True),
    )
