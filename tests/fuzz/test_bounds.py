"""Whatever is in a file: a value or the one error, in two seconds and 300 MB for a file under 10 MB.

The usual suite tries a few files of each kind. `SIGCHECK_FUZZ=full` tries 100,000, in some hours, and
`SIGCHECK_FUZZ=5000` as many as are named. `SIGCHECK_FUZZ_LOG=FILE` keeps for each file its kind, its bytes,
and what it took; `SIGCHECK_FUZZ_START=N` begins with another number than 0. A failure names the number.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.hostile_files import GENERATORS
from tests.fuzz.measured import Measured, can_measure_memory, measure
from tests.fuzz.project_seeds import PROJECT_SEEDS
from tests.fuzz.reading import read_as
from tests.readers.test_mutated_files import SEEDS, mutate

ASKED = os.environ.get("SIGCHECK_FUZZ", "")
FULL = 100_000
COUNT = FULL if ASKED == "full" else int(ASKED or 150)
START = int(os.environ.get("SIGCHECK_FUZZ_START", "0"))
LOG = os.environ.get("SIGCHECK_FUZZ_LOG")
# Of files under LARGE bytes, and of any file.
LARGE = 10 * 10**6
MOST_SECONDS, MOST_BYTES = 2.0, 300 * 10**6
MOST_SECONDS_LARGE, MOST_BYTES_LARGE = 10.0, 1000 * 10**6
# In the usual suite few files are large; in a full run one of thirty is.
SMALLEST, USUAL, LARGEST = 50, 60_000, 9_900_000
LARGE_PART = 1 / 30
# An error is a line that people read.
LONGEST_LINE = 2_000


def drawn(number: int) -> tuple[str, str, bytes]:
    """The file of a number: what it stands for, how it was made, and its bytes."""
    generator = Random(f"file {number}")
    is_large = (ASKED != "" and generator.random() < LARGE_PART) or number % 150 == 149
    size = round(math.exp(generator.uniform(math.log(SMALLEST), math.log(LARGEST if is_large else USUAL))))
    if generator.random() < 0.4:
        seeds: dict[str, Callable[[], bytes]] = {**SEEDS, **PROJECT_SEEDS}
        name = generator.choice(sorted(seeds))
        data = seeds[name]()
        for _ in range(generator.choice([1, 1, 3])):
            data = mutate(data, generator)
        if generator.random() < 0.3:
            data = grown(data, size, generator)
        return Path(name).name, "mutated", data
    name = generator.choice(sorted(GENERATORS))
    make = generator.choice(GENERATORS[name])
    return name, make.__name__, make(size, generator)


def grown(data: bytes, size: int, generator: Random) -> bytes:
    """The file with a part of it repeated, which a mutation of a few bytes never does."""
    start = generator.randrange(len(data))
    end = min(len(data), start + generator.choice([1, 2, 3, 8, 30, 200]))
    return data[:end] + data[start:end] * (size // max(1, end - start)) + data[end:]


def problem(name: str, data: bytes, found: Measured) -> str | None:
    """Why the reading of a file is not as it must be."""
    is_large = len(data) >= LARGE
    if found.raised is not None:
        return f"raised {found.raised}"
    if found.refusal is not None and ("\n" in found.refusal or not 0 < len(found.refusal) <= LONGEST_LINE):
        return f"an error that is no line: {found.refusal[:200]!r}"
    if found.seconds > (MOST_SECONDS_LARGE if is_large else MOST_SECONDS):
        return f"{found.seconds:.1f} s"
    if found.peak_bytes > (MOST_BYTES_LARGE if is_large else MOST_BYTES):
        return f"{found.peak_bytes >> 20} MiB"
    return None


def tried(folder: Path, name: str, data: bytes) -> tuple[Measured, str | None]:
    """The file, read; once more where it was over a bound, since the machine may have been busy."""
    path = folder / name
    path.write_bytes(data)
    found = measure(lambda: read_as(name, path))
    if problem(name, data, found) is not None:
        found = min(found, measure(lambda: read_as(name, path)), key=lambda one: one.seconds)
    return found, problem(name, data, found)


@pytest.mark.skipif(not can_measure_memory(), reason="the system does not tell the memory of one reading")
def test_no_file_is_over_the_bounds(tmp_path: Path) -> None:
    wrong = []
    for number in range(START, START + COUNT):
        name, made, data = drawn(number)
        found, said = tried(tmp_path, name, data)
        if LOG:
            with Path(LOG).open("a", encoding="utf-8") as log:
                ending = "wrong" if said else "refused" if found.refusal else "read"
                columns = (number, name, made, len(data), f"{found.seconds:.3f}", found.peak_bytes, ending, said or "")
                log.write("\t".join(map(str, columns)) + "\n")
        if said is not None:
            wrong.append(f"file {number}, {name} by {made}, {len(data)} bytes: {said}")
    assert not wrong


@pytest.mark.parametrize("name", sorted(GENERATORS))
def test_every_kind_of_hostile_file_is_read_within_the_bounds(tmp_path: Path, name: str) -> None:
    if not can_measure_memory():
        pytest.skip("the system does not tell the memory of one reading")
    for make in GENERATORS[name]:
        data = make(300_000, Random(make.__name__))
        _, said = tried(tmp_path, name, data)
        assert said is None, make.__name__
