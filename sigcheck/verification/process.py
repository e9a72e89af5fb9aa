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
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

# Of the parent's environment only this is handed on: no token or setting of the user's
# reaches an adapter, and none changes what it computes.
_KEPT_VARIABLES = ("PATH", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "SYSTEMROOT", "USERPROFILE", "LANG")
_SET_VARIABLES = {
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "CUDA_VISIBLE_DEVICES": "-1",
    # Results must not depend on the processor.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "KERAS_BACKEND": "tensorflow",
}
# TensorFlow writes these at every start, whatever the log level.
_NOISE = re.compile(r"[IW]\d{4} |WARNING: All log messages before absl")
_LOG_LINES = 5
_LOG_WIDTH = 300
# An answer holds a few failures; a longer line is no answer, and must not fill the memory.
_MAX_ANSWER = 2**20
_ENDED = None


class WorkerError(Exception):
    """The worker gave no answer: the message says how it ended, and the last lines of its log."""


class WorkerTimeoutError(WorkerError):
    """The worker gave no answer in time."""


class Worker:
    """One process that runs `python -m MODULE` in an empty folder, without input, GPU or environment.

    To be used as a context manager: leaving it ends the process and all that it started.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sigcheck-", ignore_cleanup_errors=True)
        self._answers: queue.Queue[bytes | None] = queue.Queue()
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        try:
            self._process = subprocess.Popen(  # noqa: S603  # this interpreter and a module of this package
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._folder.name,
                env=_environment(self._folder.name),
                # A group of its own, so that what it started can be ended with it.
                start_new_session=True,
            )
        except OSError as error:
            self._folder.cleanup()
            raise WorkerError(f"{sys.executable}: {error.strerror}") from None
        self._readers = [
            threading.Thread(target=self._read_answers, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._read_log, args=(self._process.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def send(self, message: Any) -> None:
        """Sends one line of JSON. Raises WorkerError where the worker has ended."""
        self._log.clear()
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.write(json.dumps(message).encode() + b"\n")
                stdin.flush()
        except OSError:
            raise WorkerError(self._how_it_ended()) from None

    def receive(self, deadline: float) -> dict[str, Any]:
        """The next answer, waited for until `time.monotonic()` is at the deadline.

        Raises WorkerTimeoutError where there is none in time, and WorkerError where the worker
        ended or wrote something that is no answer.
        """
        try:
            line = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise WorkerTimeoutError("no answer in time" + self._last_lines()) from None
        if line is _ENDED:
            raise WorkerError(self._how_it_ended())
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise WorkerError("it wrote something that is no answer" + self._last_lines())
        return answer

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
        for reader in self._readers:
            reader.join(timeout=1.0)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                # Bytes that the ended worker never read cannot be flushed.
                with contextlib.suppress(OSError):
                    stream.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _read_answers(self, stream: IO[bytes]) -> None:
        while line := stream.readline(_MAX_ANSWER):
            self._answers.put(line)
        self._answers.put(_ENDED)

    def _read_log(self, stream: IO[bytes]) -> None:
        while line := stream.readline(_MAX_ANSWER):
            text = line.decode(errors="replace").rstrip()
            if text and not _NOISE.match(text):
                self._log.append(text[:_LOG_WIDTH])

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return "it closed its output" + self._last_lines()
        # What it wrote last may still be on its way.
        self._readers[1].join(timeout=1.0)
        if code >= 0:
            return f"it exited with code {code}" + self._last_lines()
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        return f"it was ended by signal {name}" + self._last_lines()

    def _last_lines(self) -> str:
        lines = list(self._log)
        return f"; its last lines: {' | '.join(lines)}" if lines else ""


def _environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    # The worker must find the packages that its parent found, however that was.
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    # Settings and tokens lie in the home folder too.
    return {**kept, **_SET_VARIABLES, "HOME": folder, "KERAS_HOME": folder, "PYTHONPATH": path}
