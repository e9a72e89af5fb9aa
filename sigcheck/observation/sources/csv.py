"""Columns of comma-separated values with a header."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sigcheck.observation.arrow import column_from, require_arrow
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch, Column
from sigcheck.observation.observer import require_few
from sigcheck.schema.errors import SourceError

NAME = "csv"
SUFFIXES: tuple[str, ...] = (".csv",)
HEEDS: tuple[str, ...] = ()

_BLOCK_BYTES = 1 << 22
_REFUSED = re.compile(r"(?:In CSV column #([0-9]{1,9}): )?(?:CSV parse error: )?(?:Row #([0-9]{1,18}): )?(.*)")


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The cells of each column: numbers where the cells of the first rows are some, else texts."""
    arrow = require_arrow(place, "CSV")
    types: dict[str, Any] = {}
    rows = 0
    try:
        for block in _blocks(file, place):
            if not types:
                types = _types_of(arrow, block, place)
                table = _typed(arrow, block, types)
                # The header is the first.
                rows = 1
            else:
                table = _typed(arrow, block, types, list(types))
            for batch in table.to_batches():
                columns = {
                    one: _column(column, f"{place}: {one}") for one, column in zip(types, batch.columns, strict=True)
                }
                yield Batch(columns, batch.num_rows)
            rows += table.num_rows
    except UnicodeDecodeError:
        raise SourceError(place, "a name of a column that is no UTF-8. Save the file as UTF-8.") from None
    except arrow.ArrowInvalid as error:
        raise _refused(place, str(error), list(types), rows) from None


def _types_of(arrow: Any, block: bytes, place: str) -> dict[str, Any]:
    """What each column is read as, by the first rows. Raises SourceError where names are no names of columns."""
    first = _table(arrow, block, {}).schema
    require_few(first.names, place)
    twice = [name for name, count in Counter(first.names).items() if count > 1]
    if twice:
        raise SourceError(place, f"two columns {twice[0]!r}, expected names that differ. Rename one.")
    return {
        field.name: arrow.float64()
        if arrow.types.is_integer(field.type) or arrow.types.is_floating(field.type)
        else arrow.string()
        for field in first
    }


def _typed(arrow: Any, block: bytes, types: dict[str, Any], names: list[str] | None = None) -> Any:
    """The lines as a table; columns of numbers are int64 where all cells of the block are written as whole ones.

    Raises ArrowInvalid where a cell is no number.
    """
    numbers = {name for name, kind in types.items() if arrow.types.is_floating(kind)}
    texts = {name: kind for name, kind in types.items() if name not in numbers}
    table = _table(arrow, block, texts, names)
    if all(_is_number(arrow.types, table.schema.field(name).type) for name in numbers):
        return table
    return _table(arrow, block, types, names)


def _is_number(types: Any, kind: Any) -> bool:
    # Of no cell at all nothing is known.
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_null(kind))


def _column(array: Any, place: str) -> Column:
    found = column_from(array, place)
    return Column.of_text(found.values, missing=found.missing)


def _blocks(file: BinaryIO, place: str) -> Iterator[bytes]:
    """Whole lines of the file, some megabytes at a time: none where there is not even a header.

    Arrow itself would read a file ahead in threads of its own, and let go of it there: where Python ends meanwhile that
    aborts the process (apache/arrow, python/pyarrow/src/arrow/python/io.cc, ~PyReadableFile).
    """
    kept = b""
    while block := file.read(_BLOCK_BYTES):
        kept += block
        end = max(kept.rfind(b"\n"), kept.rfind(b"\r")) + 1
        if end == 0 and len(kept) > _BLOCK_BYTES:
            problem = f"no table of one type for each column: a line of over {_BLOCK_BYTES >> 20} MiB. Split it."
            raise SourceError(place, problem)
        lines, kept = kept[:end], kept[end:]
        if not _is_blank(lines):
            yield lines
    if not _is_blank(kept):
        yield kept


def _is_blank(text: bytes) -> bool:
    return not text.removeprefix(BOM_UTF8).strip()


def _table(arrow: Any, block: bytes, types: dict[str, Any], names: list[str] | None = None) -> Any:
    """The lines as a table; without `names` the first of them has the names."""
    from pyarrow import csv

    return csv.read_csv(
        arrow.BufferReader(block),
        # With threads it does not say which row it refuses.
        read_options=csv.ReadOptions(block_size=len(block) + 1, use_threads=False, column_names=names),
        convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True),
    )


def _refused(place: str, error: str, names: Sequence[str], before: int) -> SourceError:
    """What Arrow refuses, in which column and row, the header being the first; `before` are those that were read."""
    found = _REFUSED.match(error.partition("\n")[0].rstrip("."))
    column, row, told = found.groups() if found else (None, None, error)
    where = f"{place}, row {before + int(row)}" if row else place
    named = f"column {names[int(column)]!r}: " if column and int(column) < len(names) else ""
    return SourceError(where, f"no table of one type for each column: {named}{told}. Correct it.")
