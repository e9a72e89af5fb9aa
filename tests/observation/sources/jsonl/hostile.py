"""Lines that no program writes: numbers of a million digits, lists in lists, keys by the thousand."""

from __future__ import annotations

import json
from random import Random

from tests.fuzz.hostile.generator import Generator

VALUES = ["1", "[]", '""', "null", "true", "[1, 2]", "[[1], [2]]", "1e999", "-0", "{}", "NaN", '"\\ud800"', '[["1"]]']


def whole() -> bytes:
    rows = [{"x": [1, 2], "y": "a"}, {"x": [3]}, {"x": None, "y": "b", "z": [[1]]}]
    return "\n".join(map(json.dumps, rows)).encode()


def many_lines(size: int, generator: Random) -> bytes:
    lines = [f'{{"x": {generator.choice(VALUES)}}}\n' for _ in range(generator.choice([1, 1, 3]))]
    line = generator.choice(["{}\n", "\n", "".join(lines)])
    return (line * max(1, size // len(line))).encode()


def many_keys(size: int, generator: Random) -> bytes:
    value = generator.choice(VALUES)
    of_a_line = generator.choice([1, 100, size])
    keys = [f'"{at}": {value}' for at in range(max(1, size // (len(value) + 10)))]
    lines = [f"{{{', '.join(keys[at : at + of_a_line])}}}" for at in range(0, len(keys), of_a_line)]
    return "\n".join(lines).encode()


def long_value(size: int, generator: Random) -> bytes:
    part, begin, end = generator.choice(
        [("1", "", ""), ("1,", "[", "1]"), ("[", "", ""), ("a", '"', '"'), ("[1],", "[", "[1]]"), ("\\n", '"', '"')]
    )
    return f'{{"x": {begin}{part * max(1, size // len(part))}{end}}}\n'.encode()


def lists_of_other_lengths(size: int, generator: Random) -> bytes:
    """Rows each of which is longer than the one before, or nested in another shape."""
    form = generator.choice(["[%s]", "[[%s]]"])
    count = int((2 * size / 2) ** 0.5)
    return "\n".join(f'{{"x": {form % ",".join("1" * at)}}}' for at in range(1, count)).encode() + b"\n"


SEEDS = {"data.jsonl": whole}
GENERATORS: dict[str, list[Generator]] = {"data.jsonl": [many_lines, many_keys, long_value, lists_of_other_lengths]}
