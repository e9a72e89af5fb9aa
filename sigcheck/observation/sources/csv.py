"""Columns of comma-separated values with a header."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
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
_REFUSED = re.compile(r"(?:In CSV column #([0-9]{1,9}): )?(?:CSV parse error: )?(?:Row #([0-9]{1,18}): )?(.*)")
_LAST: list[Any] = []


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The cells of each column: float64 where the cells of the first rows are numbers, else texts."""
    arrow = require_arrow(place, "CSV")
    types: dict[str, Any] = {}
    try:
        if _is_blank(file):
            return
        # Arrow lets go of a file in a thread of its own: at the end of Python that aborts the process, where nothing
        # else holds the file (apache/arrow, python/pyarrow/src/arrow/python/io.cc, ~PyReadableFile).
        _LAST[:] = [opened := arrow.PythonFile(file, "r")]
        numbers = _open(opened, {}).schema
        require_few(numbers.names, place)
        file.seek(0)
        types |= {
            field.name: arrow.float64()
            if arrow.types.is_integer(field.type) or arrow.types.is_floating(field.type)
            else arrow.string()
            for field in numbers
        }
        twice = [name for name, count in Counter(numbers.names).items() if count > 1]
        if twice:
            raise SourceError(place, f"two columns {twice[0]!r}, expected names that differ. Rename one.")
        for batch in _open(opened, types):
            columns = {
                one: column_from(column, f"{place}: {one}") for one, column in zip(types, batch.columns, strict=True)
            }
            yield Batch(columns, batch.num_rows)
    except UnicodeDecodeError:
        raise SourceError(place, "a name of a column that is no UTF-8. Save the file as UTF-8.") from None
    except arrow.ArrowInvalid as error:
        raise _refused(place, str(error), list(types)) from None


def _is_blank(file: BinaryIO) -> bool:
    """Whether there is not even a header, as in a file that was made and not written: it has no row."""
    begin = file.read(_BLOCK_BYTES)
    file.seek(0)
    return len(begin) < _BLOCK_BYTES and not begin.removeprefix(BOM_UTF8).strip()


def _refused(place: str, error: str, names: Sequence[str]) -> SourceError:
    """What Arrow refuses, at its row, the header being the first, and in its column."""
    found = _REFUSED.match(error.partition("\n")[0].rstrip("."))
    column, row, told = found.groups() if found else (None, None, error)
    where = f"{place}, row {row}" if row else place
    named = f"column {names[int(column)]!r}: " if column and int(column) < len(names) else ""
    return SourceError(where, f"no table of one type for each column: {named}{told}. Correct it.")


def _open(file: Any, types: dict[str, Any]) -> Any:
    from pyarrow import csv

    # With threads it takes as long, and does not say which row it refuses.
    return csv.open_csv(
        file,
        read_options=csv.ReadOptions(block_size=_BLOCK_BYTES, use_threads=False),
        convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True),
    )
