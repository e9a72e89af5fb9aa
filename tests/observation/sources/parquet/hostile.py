"""Parquet files that no pipeline writes: columns by the thousand, lists in lists, values that unpack to many."""

from __future__ import annotations

import io
import struct
from random import Random
from typing import Any

from tests.fuzz.hostile.generator import Generator


def written(columns: dict[str, Any], **options: Any) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file, **options)
    return file.getvalue()


def whole() -> bytes:
    return written({"n": [1, None, 3], "l": [[1.0], [], [2.0, 3.0]], "b": [b"\xff\xd8\xff", b"", b"x"]})


def many_columns(size: int, generator: Random) -> bytes:
    value = generator.choice([[1], [None], [[1]], ["a"]])
    return written({f"c{at}": value for at in range(max(1, size // 500))})


def odd_types(size: int, generator: Random) -> bytes:
    value = generator.choice([{"a": 1}, [[1]], [None, 1], [], b"", "a" * min(size, 10**6), [{"a": 1}], 10**18, True])
    return written({"x": [value, None, value]})


def nested(size: int, generator: Random) -> bytes:
    value: Any = 1
    for _ in range(min(size // 200, 40)):
        value = [value]
    return written({"x": [value]})


def many_from_few(size: int, generator: Random) -> bytes:
    """A column of one value, which is written in some bytes however long it is."""
    columns = [
        (0, 10**6),
        (None, 10**6),
        ("a" * 1000, 20_000),
        (b"", 200_000),
        ([1] * 10, 20_000),
        (b"a" * 30_000, 20_000),
    ]
    value, count = generator.choice(columns)
    return written({"x": [value] * min(count, max(1, size * 10))}, compression="gzip")


def odd_end(size: int, generator: Random) -> bytes:
    """A footer that is longer than the file, or is none."""
    said = generator.choice([0, size, size + 1, 2**31 - 1, 2**32 - 1])
    return b"PAR1" + generator.choice([bytes(size), b"\x15" * size, b"\x1c" * size]) + struct.pack("<I", said) + b"PAR1"


SEEDS = {"data.parquet": whole}
GENERATORS: dict[str, list[Generator]] = {"data.parquet": [many_columns, odd_types, nested, many_from_few, odd_end]}
