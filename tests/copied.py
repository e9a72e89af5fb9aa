"""Processes that are copies of one which has TensorFlow loaded: its import takes seconds, of hundreds of tests.

    python -m tests.copied SOCKET_NUMBER      the process that is copied

A copy is given its module, environment, folder and streams. One that is a worker runs what a worker runs, but no walls
stand around it: those have tests of their own, and whoever needs them asks for the fixture `walled`.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import types
from contextlib import suppress
from functools import cache
from pathlib import Path

from sigcheck.process import worker as workers

CHILD = "sigcheck.process.child"
# Of these TensorFlow is most of the start. Others, such as the pages of a test, start as they are.
MODULES = {"sigcheck.verification.worker", "sigcheck.adapters.form_worker", "sigcheck.readers.loaded.worker"}
MOST_BYTES = 2**16
ROOT = Path(__file__).parents[1]


# Elsewhere a process with TensorFlow does not bear to be copied.
CAN_COPY = sys.platform == "linux"


class Original:
    """The process that is copied, as the tests see it. It ends with them, when its socket is closed.

    TensorFlow reads some variables when it is loaded: those are as they are here, for all copies.
    """

    def __init__(self, environment):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.copied", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
                env=environment,
                start_new_session=True,
            )

    def popen(self, command, **options):
        """As `subprocess.Popen`, for what a worker is started with."""
        at = command.index(CHILD)
        if command[at + 1] not in MODULES:
            return subprocess.Popen(command, **options)
        pipes = [os.pipe() for _ in range(3)]
        # Standard input is read there, the others are written.
        theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
        copy = self.copy(command[at:], theirs, cwd=options["cwd"], env=options["env"])
        for one in theirs:
            os.close(one)
        copy.stdin = os.fdopen(pipes[0][1], "wb")
        copy.stdout, copy.stderr = (os.fdopen(pipe[0], "rb") for pipe in pipes[1:])
        return copy

    def copy(self, argv, streams, *, cwd, env):
        """Starts a copy that runs the module `argv[0]`, with the file numbers of its three streams."""
        told, theirs = os.pipe()
        asked = {"cwd": str(cwd), "env": dict(env), "argv": argv}
        socket.send_fds(self._socket, [json.dumps(asked).encode()], [*streams, theirs])
        os.close(theirs)
        return Copy(told)


class Copy:
    """A copy, as far as a worker asks of its `subprocess.Popen`."""

    def __init__(self, told):
        self._told = os.fdopen(told, "rb", buffering=0)
        self.pid = self._number()
        self.returncode = None

    def wait(self, timeout=None):
        """The exit code. Raises TimeoutExpired as the original does."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.pid, timeout)
            self.returncode = self._number()
            self._told.close()
        return self.returncode

    def kill(self):
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def _number(self):
        line = self._told.readline()
        if not line:
            raise RuntimeError("tests.copied: the process that is copied gave no copy; stderr has what it said")
        return int(line)


@cache
def of_workers():
    """The original of workers."""
    return Original(workers._environment("/tmp", (), is_left_behind=False))


@cache
def of_programs():
    """The original of programs of these tests, with the environment of the tests."""
    return Original(os.environ)


def stand_in(monkeypatch):
    """Has workers of TensorFlow started as copies."""
    original = of_workers()
    monkeypatch.setattr(workers, "find_builder", lambda: (None, "a test needs none"))
    kept = {name: getattr(subprocess, name) for name in ("PIPE", "TimeoutExpired")}
    monkeypatch.setattr(workers, "subprocess", types.SimpleNamespace(**kept, Popen=original.popen))


def main():
    """Makes a copy for each message, until there is nobody to send one."""
    import keras  # noqa: F401  # nothing of it is used here
    import tensorflow  # noqa: F401, ICN001  # nothing of it is used here

    asking = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, numbers, _, _ = socket.recv_fds(asking, MOST_BYTES, 4)
        if not message:
            # Without the end of an interpreter: TensorFlow's threads have nobody to end for.
            os._exit(0)
        if os.fork() == 0:
            asking.close()
            attend(json.loads(message), numbers)
        for one in numbers:
            os.close(one)


def attend(asked, numbers):
    """Runs a copy, says its number and then how it ended, and ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, told = numbers
    pid = os.fork()
    if pid == 0:
        # A group of its own before its number is said: it is ended by that.
        os.setsid()
        os.write(told, b"%d\n" % os.getpid())
        os.close(told)
        become(asked, streams)
    for one in streams:
        os.close(one)
    status = os.waitpid(pid, 0)[1]
    with suppress(BrokenPipeError):
        os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def become(asked, streams):
    """Goes on as the worker, never to return."""
    import runpy

    for place, one in enumerate(streams):
        os.dup2(one, place)
        os.close(one)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.path[:0] = [one for one in asked["env"].get("PYTHONPATH", "").split(os.pathsep) if one not in sys.path]
    sys.argv = asked["argv"]
    code = 0
    try:
        runpy.run_module(asked["argv"][0], run_name="__main__", alter_sys=True)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001  # a model may raise anything, and the interpreter would tell of it so, too
        sys.excepthook(*sys.exc_info())
        code = 1
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    main()
