"""Whatever is in a file: a value or the one error, in two seconds and 300 MB for a file under 10 MB.

The usual suite tries a few files of each kind. `SIGCHECK_FUZZ=full` tries 100,000, in less than an hour of one
processor, and `SIGCHECK_FUZZ=5000` as many as are named. `SIGCHECK_FUZZ_LOG=FILE` keeps for each file its number, its
kind, its bytes, and what it took: small files are read together, and the memory is that of some of them.
`SIGCHECK_FUZZ_START=N` begins with another number than 0. A failure names it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from sigcheck.readers import CATALOG
from tests.fuzz.fork_server import ForkServer, Measured, fork_server, has_forks
from tests.fuzz.hostile import arrays, configs, flatbuffer, graphs, texts, web
from tests.fuzz.project_seeds import PROJECT_SEEDS
from tests.readers.hostile_modules import hostile_modules
from tests.readers.test_mutated_files import SEEDS, mutate, read_of

pytestmark = pytest.mark.skipif(not has_forks(), reason="the system has no forks, or does not tell what they take")

MODULES = (graphs, configs, flatbuffer, web, texts, arrays, *hostile_modules())
GENERATORS = {name: made for one in MODULES for name, made in one.GENERATORS.items()}
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
SMALLEST, USUAL, LARGEST = 50, 20_000, 9_900_000
LARGE_PART = 1 / 40
# So many files of at most so many bytes are read in one process.
GROUP, MOST_GROUPED = 16, 8_000
# An error is a line that people read.
LONGEST_LINE = 2_000


# Written again and again by NumPy, h5py and TensorFlow's schema, the seeds would take longer than their readings.
@cache
def seeds() -> dict[str, bytes]:
    return {name: make() for name, make in sorted({**SEEDS, **PROJECT_SEEDS}.items())}


def drawn(number: int) -> tuple[str, str, bytes]:
    """The file of a number: what it stands for, how it was made, and its bytes."""
    generator = Random(f"file {number}")
    is_large = (ASKED != "" and generator.random() < LARGE_PART) or number % 150 == 149
    size = round(math.exp(generator.uniform(math.log(SMALLEST), math.log(LARGEST if is_large else USUAL))))
    if generator.random() < 0.5:
        name = generator.choice(list(seeds()))
        data = seeds()[name]
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


def problem(data: bytes, found: Measured) -> str | None:
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


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with fork_server() as server:
        yield server


def tried(server: ForkServer, folder: Path, name: str, data: bytes) -> tuple[Measured, str | None]:
    """The file, read; once more where it took more than it may, since the machine may have been busy."""
    path = folder / name
    path.write_bytes(data)
    found = server.measure(name, path)
    if problem(data, found) is not None:
        found = min(found, server.measure(name, path), key=lambda one: one.seconds)
    return found, problem(data, found)


class File(NamedTuple):
    """A file of a number, as `drawn` gives it."""

    number: int
    name: str
    made: str
    data: bytes


def groups() -> Iterator[list[File]]:
    """All files; small ones together, which share the cost of a fork, and each other alone."""
    group: list[File] = []
    for number in range(START, START + COUNT):
        one = File(number, *drawn(number))
        if len(one.data) > MOST_GROUPED:
            yield [one]
            continue
        group.append(one)
        if len(group) == GROUP:
            yield group
            group = []
    yield group


def measure_group(server: ForkServer, folder: Path, group: list[File]) -> Iterator[tuple[File, Measured, str | None]]:
    """What each file took. One that took too much in company is read alone."""
    paths = []
    for at, one in enumerate(group):
        paths.append(folder / str(at) / one.name)
        paths[-1].parent.mkdir(exist_ok=True)
        paths[-1].write_bytes(one.data)
    found = server.measure_all([(one.name, path) for one, path in zip(group, paths, strict=True)])
    for one, path, measured in zip(group, paths, found, strict=True):
        if problem(one.data, measured) is None:
            yield one, measured, None
        else:
            yield one, *tried(server, path.parent, one.name, one.data)
        path.unlink()


def test_no_file_is_over_the_bounds(server: ForkServer, tmp_path: Path) -> None:
    wrong = []
    for group in groups():
        for one, found, said in measure_group(server, tmp_path, group):
            size = len(one.data)
            if LOG:
                ending = "wrong" if said else "refused" if found.refusal else "read"
                columns = (one.number, one.name, one.made, size, f"{found.seconds:.3f}", found.peak_bytes, ending)
                with Path(LOG).open("a", encoding="utf-8") as log:
                    log.write("\t".join(map(str, (*columns, said or ""))) + "\n")
            if said is not None:
                wrong.append(f"file {one.number}, {one.name} by {one.made}, {size} bytes: {said}")
    assert not wrong


@pytest.mark.parametrize("name", sorted(GENERATORS))
def test_every_kind_of_hostile_file_is_read_within_the_bounds(server: ForkServer, tmp_path: Path, name: str) -> None:
    for make in GENERATORS[name]:
        data = make(300_000, Random(make.__name__))
        _, said = tried(server, tmp_path, name, data)
        assert said is None, make.__name__


@pytest.mark.parametrize("name", CATALOG)
def test_each_format_has_files_that_are_made_to_be_large(tmp_path: Path, name: str) -> None:
    read_as = {read_of(tmp_path, file).reader for file in SEEDS if file in GENERATORS}
    assert name in read_as, f"write one: GENERATORS in tests/readers/{name}/hostile.py, by the name of one of its SEEDS"


def test_what_a_file_takes_is_measured(server: ForkServer, tmp_path: Path) -> None:
    """The bounds are held against numbers that tell a light file from a heavy one, and a program that ends."""
    path = tmp_path / "model.json"
    path.write_text("{}", encoding="utf-8")
    light = server.measure("model.json", path)
    path.write_text(f"[{'{},' * 400_000}0]", encoding="utf-8")
    heavy = server.measure("model.json", path)
    assert light.refusal
    assert heavy.refusal
    assert heavy.seconds > light.seconds
    assert heavy.peak_bytes > light.peak_bytes > 10 * 2**20
    assert server.measure("kill", path).raised == "ended with status -9"
    assert str(server.measure("raise", path).raised).startswith("ValueError: ")
