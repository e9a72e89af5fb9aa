"""Columns of comma-separated values with a header."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sigcheck.observation.arrow import column_from, require_arrow, require_unlike
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch, Column
from sigcheck.observation.observer import require_few
from sigcheck.observation.unpacked import BROKEN, COPY, plain
from sigcheck.schema.errors import SourceError

NAME = "csv"
SUFFIXES: tuple[str, ...] = (".csv", ".csv.gz")
HEEDS: tuple[str, ...] = ()

_BLOCK_BYTES = 1 << 22
_REFUSED = re.compile(r"(?:In CSV column #([0-9]{1,9}): )?(?:CSV parse error: )?(?:Row #([0-9]{1,18}): )?(.*)")


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The cells of each column: numbers where the cells of the first rows are some, else texts."""
    arrow = require_arrow(place, "CSV")
    names: list[str] = []
    types: dict[str, Any] = {}
    others: set[str] = set()
    rows = 0
    try:
        for block in _blocks(plain(file), place):
            if not names:
                found = _types_of(arrow, block, place)
                names = list(found)
                # Of no column Arrow reads all: of one the rows are counted.
                types = {one: kind for one, kind in found.items() if asked.wants(one)} or {names[0]: arrow.string()}
                others = {one for one in names if not asked.wants(one)}
                table = _typed(arrow, block, types)
                # The header is the first.
                rows = 1
            else:
                table = _typed(arrow, block, types, names)
            for batch in table.to_batches():
                columns = {
                    one: _column(column, f"{place}: {one}")
                    for one, column in zip(types, batch.columns, strict=True)
                    if one not in others
                }
                yield Batch(columns, batch.num_rows, others=others)
            rows += table.num_rows
    except BROKEN as error:
        raise SourceError(place, f"no whole GZIP file: {error}. {COPY}") from None
    except UnicodeDecodeError:
        raise SourceError(place, "a name of a column that is no UTF-8. Save the file as UTF-8.") from None
    except arrow.ArrowInvalid as error:
        raise _refused(place, str(error), names, rows) from None


def _types_of(arrow: Any, block: bytes, place: str) -> dict[str, Any]:
    """What each column is read as, by the first rows. Raises SourceError where names are no names of columns."""
    first = _table(arrow, block, {}).schema
    require_few(first.names, place)
    require_unlike(first.names, place)
    _require_commas(block, first.names, place)
    return {
        field.name: arrow.float64()
        if arrow.types.is_integer(field.type) or arrow.types.is_floating(field.type)
        else arrow.string()
        for field in first
    }


def _require_commas(block: bytes, names: Sequence[str], place: str) -> None:
    """Raises SourceError for columns that something else than commas parts: each line would be one text.

    A name in quotes is a name with that in it, whatever the lines hold.
    """
    if len(names) != 1 or block.removeprefix(BOM_UTF8).startswith(b'"'):
        return
    lines = [line for line in block.splitlines() if line.strip()]
    for sign in (b";", b"|", b"\t"):
        count = lines[0].count(sign)
        if count and len(lines) > 1 and all(line.count(sign) == count for line in lines[1:]):
            problem = (
                f"columns parted by {sign.decode()!r}, expected commas. Write it with commas, or the name in quotes."
            )
            raise SourceError(place, problem)


def _typed(arrow: Any, block: bytes, types: dict[str, Any], names: list[str] | None = None) -> Any:
    """The lines as a table; columns of numbers are int64 where all cells of the block are written as whole ones.

    Raises ArrowInvalid where a cell is no number.
    """
    numbers = {name for name, kind in types.items() if arrow.types.is_floating(kind)}
    # None: what the cells are is found.
    table = _table(arrow, block, {name: None if name in numbers else kind for name, kind in types.items()}, names)
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
        convert_options=csv.ConvertOptions(
            column_types={name: kind for name, kind in types.items() if kind is not None},
            include_columns=list(types),
            strings_can_be_null=True,
        ),
    )


def _refused(place: str, error: str, names: Sequence[str], before: int) -> SourceError:
    """What Arrow refuses, in which column and row, the header being the first; `before` are those that were read."""
    found = _REFUSED.match(error.partition("\n")[0].rstrip("."))
    column, row, told = found.groups() if found else (None, None, error)
    where = f"{place}, row {before + int(row)}" if row else place
    named = f"column {names[int(column)]!r}: " if column and int(column) < len(names) else ""
    return SourceError(where, f"no table of one type for each column: {named}{told}. Correct it.")
