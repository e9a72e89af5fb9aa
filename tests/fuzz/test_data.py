"""Whatever is in a file of data: what it shows or the one error, in a line, in time by its size and in bounded memory.

`SIGCHECK_FUZZ=5000` tries as many files as are named, `SIGCHECK_FUZZ_START=N` begins with another number than 0.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest

from sigcheck.observation.sources import SOURCES
from tests.fuzz.fork_server import ForkServer, Measured, fork_server, has_forks
from tests.fuzz.test_bounds import LONGEST_LINE, MOST_BYTES, MOST_BYTES_LARGE, MOST_SECONDS, MOST_SECONDS_LARGE, grown
from tests.observation.sources.hostile_modules import hostile_modules
from tests.readers.test_mutated_files import mutate

for needed in ("pyarrow", "PIL", "google_crc32c", "datasketches"):
    pytest.importorskip(needed)
pytestmark = pytest.mark.skipif(not has_forks(), reason="the system has no forks, or does not tell what they take")

MODULES = hostile_modules()
GENERATORS = {name: made for one in MODULES.values() for name, made in one.GENERATORS.items()}
COUNT = int(os.environ.get("SIGCHECK_FUZZ", "").replace("full", "20000") or 60)
START = int(os.environ.get("SIGCHECK_FUZZ_START", "0"))
EACH = [(name, at) for name in sorted(GENERATORS) for at in range(len(GENERATORS[name]))]
# A large file takes the longer the more is in it. The slowest are lines of next to nothing, of which each is a row.
SECONDS_PER_BYTE = 4e-6
# A row is held whole: one of 256 MiB, or a picture of as much, may be in few bytes.
UNPACKED = (".npz", ".png")
# A file of theirs is read by what lies around it: they are tried so in tests/observation/test_saved_dataset.py.
OF_A_FOLDER = frozenset({"snapshot"})
SMALLEST, USUAL, LARGEST, LARGE_PART = 50, 50_000, 3_000_000, 1 / 20


@cache
def seeds() -> dict[str, bytes]:
    return {name: make() for one in MODULES.values() for name, make in one.SEEDS.items()}


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with fork_server("data") as server:
        yield server


def drawn(number: int) -> tuple[str, str, bytes]:
    """The file of a number: what it stands for, how it was made, and its bytes."""
    generator = Random(f"data {number}")
    is_large = generator.random() < LARGE_PART
    size = round(math.exp(generator.uniform(math.log(SMALLEST), math.log(LARGEST if is_large else USUAL))))
    name = generator.choice(sorted(GENERATORS))
    if generator.random() < 1 / 3:
        data = mutate(seeds()[name], generator)
        return name, "mutated", grown(data, size, generator) if generator.random() < 1 / 3 else data
    make = generator.choice(GENERATORS[name])
    data = make(size, generator)
    return name, make.__name__, mutate(data, generator) if generator.random() < 1 / 4 else data


def problem(name: str, data: bytes, found: Measured) -> str | None:
    """Why the reading of a file is not as it must be."""
    if found.raised is not None:
        return f"raised {found.raised}"
    if found.refusal is not None and ("\n" in found.refusal or not 0 < len(found.refusal) <= LONGEST_LINE):
        return f"an error that is no line: {found.refusal[:200]!r}"
    is_unpacked = Path(name).suffix in UNPACKED
    if found.seconds > (MOST_SECONDS_LARGE if is_unpacked else MOST_SECONDS) + SECONDS_PER_BYTE * len(data):
        return f"{found.seconds:.1f} s"
    if found.peak_bytes > (MOST_BYTES_LARGE if is_unpacked else MOST_BYTES):
        return f"{found.peak_bytes >> 20} MiB"
    return None


def tried(server: ForkServer, folder: Path, name: str, data: bytes) -> str | None:
    """What is wrong with the reading of the file, looked at once more: the machine may have been busy."""
    path = folder / name
    path.write_bytes(data)
    return problem(name, data, server.measure(name, path)) and problem(name, data, server.measure(name, path))


def test_no_file_is_over_the_bounds(server: ForkServer, tmp_path: Path) -> None:
    wrong = []
    for number in range(START, START + COUNT):
        name, made, data = drawn(number)
        said = tried(server, tmp_path, name, data)
        if said is not None:
            wrong.append(f"file {number}, {name} by {made}, {len(data)} bytes: {said}")
    assert not wrong


@pytest.mark.parametrize(("name", "at"), EACH)
def test_every_kind_of_hostile_file_is_read_within_the_bounds(
    server: ForkServer, tmp_path: Path, name: str, at: int
) -> None:
    make = GENERATORS[name][at]
    for turn in range(3):
        data = make(300_000, Random(f"{make.__name__} {turn}"))
        assert tried(server, tmp_path, name, data) is None, f"{make.__name__}, turn {turn}"


@pytest.mark.parametrize("name", [name for name in SOURCES if name not in OF_A_FOLDER])
def test_each_source_has_files_that_are_hostile(name: str) -> None:
    suffixes = SOURCES[name].SUFFIXES
    files = {file for file in MODULES[name].GENERATORS if file.endswith(suffixes)} if name in MODULES else set()
    assert files & MODULES[name].SEEDS.keys(), f"write some: tests/observation/sources/{name}/hostile.py"
