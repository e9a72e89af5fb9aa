"""The start of a worker: `python -m sigcheck.process.child MODULE [ARGUMENT...]`.

Before the module runs, and with it anything foreign, it says what walls it sees around itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import runpy
import shutil
import sys
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

from sigcheck.process.memory import limit_of
from sigcheck.process.walls import observe

_Message = tuple[dict[str, Any], bytes]
# The folder that a worker removes where its parent is gone; not set where none is left behind.
FOLDER_VARIABLE = "SIGCHECK_WORKER_FOLDER"


class Channel:
    """The two pipes to the parent, moved away from where foreign code could reach them by reading or printing.

    Code of the same process that looks for them finds them: an answer that comes through them is
    what foreign code may have said, and is judged in the parent.
    """

    def __init__(self) -> None:
        self._requests = os.fdopen(os.dup(0), "rb")
        self._answers = os.fdopen(os.dup(1), "wb")
        self._waiting: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._folder = os.environ.get(FOLDER_VARIABLE)
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, 0)
        os.close(empty)
        os.dup2(2, 1)
        threading.Thread(target=self._read, daemon=True).start()

    def requests(self) -> Iterator[_Message]:
        """Yields each message of the parent with the bytes that belong to it. The process ends with the last."""
        while True:
            yield self._waiting.get()

    def answer(self, message: dict[str, Any], payload: bytes = b"") -> None:
        """Sends one answer."""
        self._answers.write(json.dumps(message | {"bytes": len(payload)}).encode() + b"\n" + payload)
        self._answers.flush()

    def _read(self) -> None:
        with contextlib.suppress(ValueError, OSError):
            while (message := _read_message(self._requests)) is not None:
                self._waiting.put(message)
        # The parent is gone, or has no more questions: what still runs here is for nobody.
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        os._exit(0)


def limit_memory(more: int) -> None:
    """Limits what this process may take from now on, in bytes, where the system can (Linux)."""
    if sys.platform != "linux":
        return
    import resource

    limit = limit_of(more)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No file that an adapter or a model writes fills the disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (more, more))


def _read_message(stream: BinaryIO) -> _Message | None:
    line = stream.readline()
    if not line:
        return None
    message = json.loads(line)
    size = message.pop("bytes", 0)
    return message, stream.read(size)


def main() -> None:
    """Says hello and runs the module."""
    module, *arguments = sys.argv[1:]
    sys.stdout.write(json.dumps({"hello": observe()}) + "\n")
    sys.stdout.flush()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
