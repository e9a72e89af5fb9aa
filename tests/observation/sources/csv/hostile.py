"""Tables that no program writes: columns by the thousand, quotes that never end, numbers of a million digits."""

from __future__ import annotations

from random import Random

from tests.fuzz.hostile.generator import Generator

CELLS = ["1", "", '""', "a", "1e999", "nan", "-", '"a\nb"', "\u00fc", "9" * 400, "true", "2020-01-01"]


def whole() -> bytes:
    return b"n,t\n1,x\n,y\n2.5,z\n"


def many_columns(size: int, generator: Random) -> bytes:
    count = max(1, size // 16)
    name = generator.choice(["c{}", "c", ""])
    head = ",".join(name.format(at) for at in range(count))
    return f"{head}\n{','.join([generator.choice(CELLS)] * count)}\n".encode()


def many_rows(size: int, generator: Random) -> bytes:
    first, later = generator.choice(CELLS), generator.choice(CELLS)
    line = f"{later},{generator.choice(CELLS)}\n"
    return f"a,b\n{first},1\n{line * max(1, size // len(line))}".encode()


def long_cell(size: int, generator: Random) -> bytes:
    return b"a,b\n" + generator.choice([b"1" * size, b'"' + b"a" * size, b'"' * size, b"\xff" * size, bytes(size)])


def odd_rows(size: int, generator: Random) -> bytes:
    """Rows of more and fewer cells than the head has."""
    line = generator.choice([b"1\n", b"1,2,3\n", b",\n", b"\r", b"\n"])
    return generator.choice([b"a,b\n", b"", b"\n\n", b"\xef\xbb\xbfa,b\n"]) + line * max(1, size // len(line))


SEEDS = {"data.csv": whole}
GENERATORS: dict[str, list[Generator]] = {"data.csv": [many_columns, many_rows, long_cell, odd_rows]}
