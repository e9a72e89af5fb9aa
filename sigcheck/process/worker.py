"""A worker process as its parent sees it: started, asked, and ended, whatever it does."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from sigcheck.process.child import FOLDER_VARIABLE
from sigcheck.process.walls import HOME, compare, find_builder, import_path, wrap
from sigcheck.schema.system_error import system_words
from sigcheck.schema.walls import Walls

if TYPE_CHECKING:
    from typing_extensions import Self

_CHILD = "sigcheck.process.child"
_IDLE = "sigcheck.process.idle"
# Of the parent's environment only this is handed on. What the worker can read elsewhere, its parent's
# environment in /proc among it, is for the walls to keep from it.
_KEPT_VARIABLES = ("LD_LIBRARY_PATH", "LANG", *(("PATH", "SYSTEMROOT") if os.name == "nt" else ()))
_HOME_VARIABLES = ("HOME", "USERPROFILE", "KERAS_HOME", "TMPDIR", "TEMP", "TMP")
_SET_VARIABLES = {
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "CUDA_VISIBLE_DEVICES": "-1",
    # Results must not depend on the processor.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "KERAS_BACKEND": "tensorflow",
}
# TensorFlow writes these at every start, whatever the log level.
_NOISE = re.compile(r"[IW]\d{4} |WARNING: All log messages before absl")
_LOG_LINES = 5
_LOG_WIDTH = 300
# What an answer says of itself, and the tensors that belong to it: more is no answer, and must not fill the memory.
_MAX_ANSWER = 2**20
MAX_PAYLOAD = 2**28
# An interpreter says hello in a tenth of a second. One that takes this long does not start.
_HELLO_SECONDS = 60.0
# Shells and bubblewrap add the number of a signal to this.
_ENDED_BY_SIGNAL = 128
_Answer = tuple[dict[str, Any] | None, bytes]
# Why bubblewrap does not work here, once that was found out.
_refusals: dict[str, str] = {}


class WorkerError(Exception):
    """The worker gave no answer: the message says how it ended, and the last lines of its log."""


class WorkerTimeoutError(WorkerError):
    """The worker gave no answer in time."""


class Worker:
    """One process that runs `python -m MODULE` in an empty folder, without input, GPU or environment.

    Where bubblewrap works, walls stand around it: beside Python and its packages it reads
    `readable` only, and writes to `writable` and to its own folder only. `walls` says what
    stands. To be used as a context manager: leaving it ends the process and all that it started,
    as far as the walls reach.
    """

    walls: Walls

    def __init__(
        self, module: str, *arguments: str, readable: Sequence[str] = (), writable: Sequence[str] = ()
    ) -> None:
        command = ["-m", _CHILD, module, *arguments]
        bwrap, reason = find_builder()
        if bwrap is not None:
            reason = _refusals.get(bwrap) or self._start_walled(bwrap, command, readable, writable)
        if reason is None:
            return
        folder = tempfile.TemporaryDirectory(prefix="sigcheck-", ignore_cleanup_errors=True)
        try:
            self._start([sys.executable, *command], readable, folder=folder)
        except OSError as error:
            folder.cleanup()
            raise WorkerError(f"{sys.executable}: {system_words(error)}") from None
        self._hello()
        self.walls = Walls(reason=reason)

    def send(self, message: Any, payload: bytes = b"") -> None:
        """Sends one line of JSON and the bytes that belong to it. A worker that has ended is told by `receive`."""
        self._requests.put(json.dumps(message | {"bytes": len(payload)}).encode() + b"\n" + payload)

    def receive(self, deadline: float) -> dict[str, Any]:
        """The next answer, waited for until `time.monotonic()` is at the deadline. Raises as `receive_with`."""
        return self.receive_with(deadline)[0]

    def receive_with(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        """The next answer and the bytes that belong to it.

        Raises WorkerTimeoutError where there is none in time, and WorkerError where the worker
        ended or wrote something that is no answer.
        """
        try:
            answer = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise WorkerTimeoutError("no answer in time" + self._last_lines()) from None
        if answer is None:
            # Whoever asks again is told the same.
            self._answers.put(None)
            raise WorkerError(self._how_it_ended())
        message, payload = answer
        if message is None:
            raise WorkerError("it wrote something that is no answer" + self._last_lines())
        # What was logged until now is about what was answered.
        self._log.clear()
        return message, payload

    def close(self) -> None:
        """Ends the process and what it started."""
        if os.name == "posix":
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            except PermissionError:
                # macOS says so of a group whose processes have all ended but are not yet waited for.
                self._process.kill()
        else:
            self._process.kill()
        self._process.wait()
        self._requests.put(None)
        until = time.monotonic() + 1.0
        for thread in self._threads:
            while thread.is_alive() and time.monotonic() < until:
                # A reader that waits for room in the queue goes on to the end of its stream.
                with contextlib.suppress(queue.Empty):
                    self._answers.get_nowait()
                thread.join(timeout=0.01)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                # Bytes that the ended worker never read cannot be flushed.
                with contextlib.suppress(OSError):
                    stream.close()
        if self._folder is not None:
            self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _start_walled(
        self, bwrap: str, command: list[str], readable: Sequence[str], writable: Sequence[str]
    ) -> str | None:
        """None where it runs, else why bubblewrap does not work, which is asked once."""
        # Without `site`: what it would add is in the path already, and nothing else is to be run.
        python = [os.path.realpath(sys.executable), "-S"]
        try:
            self._start(wrap(bwrap, [*python, *command], readable, writable), readable, folder=None)
        except OSError as error:
            return _refusals.setdefault(bwrap, f"bubblewrap does not start: {system_words(error)}")
        hello = self._hello()
        if hello is not None:
            self.walls = compare(hello)
            return None
        told = f"bubblewrap does not work here: {self._how_it_ended()}"
        self.close()
        return _refusals.setdefault(bwrap, told)

    def _start(
        self, command: list[str], readable: Sequence[str], *, folder: tempfile.TemporaryDirectory[str] | None
    ) -> None:
        self._is_walled = folder is None
        self._process = subprocess.Popen(  # noqa: S603  # this interpreter and a module of this package
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/" if folder is None else folder.name,
            # bubblewrap gets no more either: inside, its environment can be read.
            env=_environment(HOME if folder is None else folder.name, readable, is_left_behind=folder is not None),
            # A group of its own, so that what it started can be ended with it.
            start_new_session=True,
        )
        self._folder = folder
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        # A worker that answers what nobody asked has to wait.
        self._answers: queue.Queue[_Answer | None] = queue.Queue(maxsize=2)
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._threads = [
            threading.Thread(target=target, args=(stream,), daemon=True)
            for target, stream in (
                (self._read_answers, self._process.stdout),
                (self._read_log, self._process.stderr),
                (self._write_requests, self._process.stdin),
            )
        ]
        for thread in self._threads:
            thread.start()

    def _hello(self) -> dict[str, Any] | None:
        """What the worker observed at its start; None where it does not start."""
        try:
            answer = self._answers.get(timeout=_HELLO_SECONDS)
        except queue.Empty:
            return None
        except BaseException:
            # An interrupt: nobody has the worker yet who could close it.
            self.close()
            raise
        if answer is None:
            self._answers.put(None)
            return None
        return (answer[0] or {}).get("hello")

    def _read_answers(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := stream.readline(_MAX_ANSWER):
                answer = _parse(line)
                size = 0 if answer is None else answer.pop("bytes", 0)
                if type(size) is not int or not 0 <= size <= MAX_PAYLOAD:
                    answer, size = None, 0
                self._answers.put((answer, stream.read(size)))
        self._answers.put(None)

    def _read_log(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := stream.readline(_MAX_ANSWER):
                text = line.decode(errors="replace").rstrip()
                if text and not _NOISE.match(text):
                    self._log.append(text[:_LOG_WIDTH])

    def _write_requests(self, stream: IO[bytes]) -> None:
        # In a thread: a worker that does not read must not keep its parent from giving it up.
        with contextlib.suppress(OSError, ValueError):
            while (request := self._requests.get()) is not None:
                stream.write(request)
                stream.flush()

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return "it closed its output" + self._last_lines()
        # What it wrote last may still be on its way.
        self._threads[1].join(timeout=1.0)
        number = -code if code < 0 else code - _ENDED_BY_SIGNAL if self._is_walled else 0
        if number <= 0:
            return f"it exited with code {code}" + self._last_lines()
        try:
            name = signal.Signals(number).name
        except ValueError:
            name = str(number)
        return f"it was ended by signal {name}" + self._last_lines()

    def _last_lines(self) -> str:
        lines = list(self._log)
        return f"; its last lines: {' | '.join(lines)}" if lines else ""


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _environment(folder: str, readable: Sequence[str], *, is_left_behind: bool) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    # Settings and tokens lie in the home folder, and what is written to a common place stays there.
    homes = dict.fromkeys(_HOME_VARIABLES, folder) | ({FOLDER_VARIABLE: folder} if is_left_behind else {})
    # The worker must find the packages that its parent found, however that was.
    return {**kept, **_SET_VARIABLES, **homes, "PYTHONPATH": os.pathsep.join(import_path(readable))}


def walls_here() -> Walls:
    """The walls that stand around a worker on this machine, as one that runs nothing sees them."""
    try:
        with Worker(_IDLE) as worker:
            return worker.walls
    except WorkerError as error:
        return Walls(reason=f"no worker starts: {error}")
