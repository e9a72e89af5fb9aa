"""Reads files in forks of one process, so that what they take is told by the system, and nothing is left of them.

Run as a program, it imports sigcheck once, reads one file of each kind, of `models` or of `data`, so that all that is
imported on demand is there, and then answers requests on its standard input: a list of names and paths, as JSON, a line
each. The files of one request are read one after the other in one fork, which costs as much as the reading of some
small ones.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# What computes or runs longer is ended: it would never have ended by itself, or waits for something. On a busy machine
# a second of computing takes a minute.
MOST_SECONDS, MOST_WALL_SECONDS = 120, 1200.0
# Far over the bounds, and less than would harm the machine.
MOST_ADDRESSES = 6 * 2**30
# Linux counts in kilobytes, macOS in bytes.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Measured(NamedTuple):
    """How a reading ended: with the one error, or with a value; what it took; what it raised that it should not.

    `seconds` are of computing. `peak_bytes` is all that the process held at once, Python and sigcheck with it, and
    what files that were read before it left.
    """

    refusal: str | None
    seconds: float
    peak_bytes: int
    raised: str | None = None


def has_forks() -> bool:
    """Whether the system can fork, and tell what a process took."""
    return hasattr(os, "fork") and hasattr(os, "wait4")


class ForkServer:
    """A process that reads files in forks of its own."""

    def __init__(self, kind: str = "models") -> None:
        command = [sys.executable, "-m", "tests.fuzz.fork_server", kind]
        # One thread: it forks.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        root = Path(__file__).parents[2]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=root
        )

    def measure(self, name: str, path: Path) -> Measured:
        """Reads the file as what its name says, in a fork of its own."""
        [found] = self.measure_all([(name, path)])
        return found

    def measure_all(self, files: Sequence[tuple[str, Path]]) -> list[Measured]:
        """Reads the files in one fork. Where that does not come to its end, each is read in one of its own."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([(name, str(path)) for name, path in files]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the server ended"
        found = [Measured(*one) for one in json.loads(answer)]
        return found if len(found) == len(files) else [self.measure(*file) for file in files]

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@contextmanager
def fork_server(kind: str = "models") -> Iterator[ForkServer]:
    """A server for as long as it is used, for models and files of projects, or for `data`."""
    server = ForkServer(kind)
    try:
        yield server
    finally:
        server.close()


def _seeds(kind: str) -> dict[str, Callable[[], bytes]]:
    if kind == "data":
        from tests.observation.sources.hostile_modules import hostile_modules

        return {name: seed for one in hostile_modules().values() for name, seed in one.SEEDS.items()}
    from tests.fuzz.project_seeds import PROJECT_SEEDS
    from tests.readers.test_mutated_files import SEEDS

    return {**SEEDS, **PROJECT_SEEDS}


def _warm_up(kind: str) -> None:
    from tests.fuzz.reading import read_as

    with tempfile.TemporaryDirectory() as folder:
        for name, seed in _seeds(kind).items():
            path = Path(folder, Path(name).name)
            path.write_bytes(seed())
            read_as(path.name, path)
            _read(path.name, str(Path(folder, "missing")))
    # What is there already is not looked through again, and so not copied, in each fork.
    gc.collect()
    gc.freeze()


def _read(name: str, path: str) -> tuple[str | None, str | None]:
    """What the reading was refused with, and what else it raised."""
    from sigcheck.schema.errors import SigcheckError
    from tests.fuzz.reading import read_as

    try:
        # What a test of the measuring asks for.
        if name == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "raise":
            int("x")
        read_as(name, Path(path))
    except SigcheckError as error:
        return str(error), None
    except Exception as error:  # noqa: BLE001  # that anything else is raised is what is looked for
        return None, f"{type(error).__name__}: {str(error)[:200]}"
    return None, None


def _read_in_fork(files: list[tuple[str, str]]) -> list[Measured]:
    """What the files took, one after the other; one answer for all where the process did not come to its end."""
    import resource

    giving, taking = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(giving)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        for name, path in files:
            begin = time.process_time()
            answer = (
                *_read(name, path),
                time.process_time() - begin,
                resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            )
            told = json.dumps(answer).encode() + b"\n"
            while told:
                told = told[os.write(taking, told) :]
        os._exit(0)
    os.close(taking)
    told, is_late = _answer(giving, time.monotonic() + MOST_WALL_SECONDS)
    os.close(giving)
    if is_late:
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    if is_late or status:
        raised = f"ended with status {os.waitstatus_to_exitcode(status)}"
        raised = f"not ended after {MOST_WALL_SECONDS:.0f} s" if is_late else raised
        return [Measured(None, used.ru_utime + used.ru_stime, used.ru_maxrss * _RSS_UNIT, raised)]
    answers = map(json.loads, told.splitlines())
    return [Measured(refusal, seconds, peak * _RSS_UNIT, raised) for refusal, raised, seconds, peak in answers]


def _answer(pipe: int, end: float) -> tuple[bytes, bool]:
    """What comes through the pipe until it is closed, and whether that took too long."""
    told = b""
    while True:
        if not select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
            return told, True
        part = os.read(pipe, 2**16)
        if not part:
            return told, False
        told += part


def _serve(kind: str) -> None:
    _warm_up(kind)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_read_in_fork(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
