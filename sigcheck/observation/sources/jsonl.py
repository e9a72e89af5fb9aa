"""One JSON object for each line: its keys are the tensors."""

from __future__ import annotations

import itertools
import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from sigcheck.encodings.json_bytes import check_json
from sigcheck.observation.asked import Asked
from sigcheck.observation.batching import in_batches
from sigcheck.observation.column import Array, Batch, Column
from sigcheck.observation.lists import column_of, empty_lists, holed_lists, texts_of
from sigcheck.observation.observer import require_few
from sigcheck.observation.unpacked import BROKEN, COPY, plain
from sigcheck.schema.errors import SourceError

NAME = "jsonl"
SUFFIXES: tuple[str, ...] = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
HEEDS: tuple[str, ...] = ()

_MOST_LINE_BYTES = 1 << 26
# Within nested lists null is a number that is none.
_NUMBERS = frozenset({int, float, bool, type(None)})
_WRITE = 'Write one object for each line, such as {"x": [1, 2]}.'


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The values of the objects; a number or text is a row without further axes, nested lists are rows of rank."""
    for rows in in_batches(_objects(file, place)):
        yield from _batches(rows, place, asked)


def _objects(file: BinaryIO, place: str) -> Iterator[tuple[dict[str, Any], int]]:
    number = 0
    lines = plain(file)
    while line := _line(lines, place):
        number += 1
        if number == 1:
            # Editors of Windows begin a file of UTF-8 with it.
            line = line.removeprefix(BOM_UTF8)
        if line.strip():
            yield _parsed(line, f"{place}, line {number}"), len(line)


def _line(lines: BinaryIO, place: str) -> bytes:
    try:
        return lines.readline(_MOST_LINE_BYTES + 1)
    except BROKEN as error:
        raise SourceError(place, f"no whole GZIP file: {error}. {COPY}") from None


def _parsed(line: bytes, place: str) -> dict[str, Any]:
    if len(line) > _MOST_LINE_BYTES:
        raise SourceError(place, f"over {_MOST_LINE_BYTES >> 20} MiB, expected a row. {_WRITE}")
    try:
        text = line.decode()
        check_json(text)
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise SourceError(place, f"no JSON. {_WRITE}") from None
    if not isinstance(found, dict):
        raise SourceError(place, f"no object, expected one for each row. {_WRITE}")
    return found


def _batches(rows: list[dict[str, Any]], place: str, asked: Asked) -> Iterator[Batch]:
    there: dict[str, list[Any]] = {}
    others: set[str] = set()
    for row in rows:
        for name, value in row.items():
            if not asked.wants(name):
                others.add(name)
                continue
            values = there.setdefault(name, [])
            if value is not None:
                values.append(value)
    require_few(there.keys() | others, place)
    found = {name: _by_shape(values, len(rows) - len(values), f"{place}: {name}") for name, values in there.items()}
    yield Batch({name: columns[0] for name, columns in found.items()}, len(rows), others=others)
    # Of a shape that others in these rows have not: the rows are counted already.
    yield from (Batch({name: one}, 0) for name, columns in found.items() for one in columns[1:])


def _by_shape(there: list[Any], missing: int, place: str) -> list[Column]:
    """The rows that have a value, beside others; nested lists of each shape for themselves. At least one column."""
    full = [value for value in there if value != []]
    if not full:
        return [empty_lists(len(there), missing)]
    are_lists = isinstance(full[0], list)
    if any(isinstance(value, list) != are_lists for value in full):
        raise SourceError(place, "lists and single values, expected one of them in all rows. Write lists.")
    is_nested = are_lists and any(isinstance(entry, list) for value in full for entry in value)
    if are_lists and not is_nested:
        entries = [entry for value in there for entry in value]
        flat = _flat([entry for entry in entries if entry is not None], place)
        if len(flat) < len(entries):
            is_there = np.array([entry is not None for entry in entries])
            return [holed_lists(Column.of_text(flat), is_there, np.array([len(value) for value in there]), missing)]
        ends = np.cumsum([len(value) for value in there])
        lists = column_of(np.split(flat, ends[:-1]))
        return [Column.of_text(lists.values, lists.lengths, missing)]
    # An empty list is no single value, and has not the axes of a nested one.
    missing += len(there) - len(full)
    if not are_lists:
        return [Column.of_text(_flat(full, place), missing=missing)]
    stacks: dict[tuple[Any, ...], list[Array]] = {}
    for value in full:
        tensor = _tensor(value, place)
        stacks.setdefault((tensor.dtype, *tensor.shape), []).append(tensor)
    return [Column.of_text(np.stack(one), missing=missing if at == 0 else 0) for at, one in enumerate(stacks.values())]


def _flat(values: list[Any], place: str) -> Array:
    kinds = {type(value) for value in values}
    if not values:
        return np.zeros(0, np.float64)
    if kinds == {str}:
        return texts_of([value.encode("utf-8", "surrogatepass") for value in values])
    if kinds == {bool}:
        return np.array(values, np.bool_)
    if kinds <= {int, float}:
        try:
            return _numbers(values)
        except OverflowError:
            raise SourceError(place, "a number beyond float64. Leave it out.") from None
    told = " and ".join(sorted({kind.__name__ for kind in kinds}))
    raise SourceError(place, f"{told}, expected numbers or texts of one type. Convert them.")


def _tensor(value: list[Any], place: str) -> Array:
    try:
        _require_numbers(value)
        found = _numbers(value)
    except (ValueError, TypeError, OverflowError):
        problem = "nested lists that are no tensors of numbers. Pad them, or leave them out."
        raise SourceError(place, problem) from None
    return found


def _require_numbers(values: list[Any]) -> None:
    """Raises ValueError or TypeError for lists of lists with a text: NumPy would make each entry as long as that."""
    while values and isinstance(values[0], list):
        values = list(itertools.chain.from_iterable(values))
    if not set(map(type, values)) <= _NUMBERS:
        raise ValueError("no numbers")


def _numbers(values: list[Any]) -> Array:
    """Numbers as int64 where all are written as whole ones that fit, else as float64. Raises as NumPy does."""
    found = np.array(values)
    return found.astype(np.int64) if found.dtype.kind == "i" else np.array(values, np.float64)
