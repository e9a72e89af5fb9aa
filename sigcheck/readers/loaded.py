"""Loaded models: what TensorFlow says of a model once it is loaded, asked for by `--load` alone.

A model is a program, and loading one may crash, hang or exit. So it is loaded in a process
of its own, with a time limit and in an empty folder; Keras' safe mode stays on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from sigcheck.readers.source import LocalFiles, Source
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Model

WORKER = "sigcheck.readers.load_worker"

# TensorFlow takes 5 s to import, a model of some GB a minute to load.
LOAD_SECONDS = 300.0

_SHOWN_LINES = 5
_SHOWN_BYTES = 4_000
_RESULT_BYTES = 64 << 20


def read_loaded(source: Source, timeout: float = LOAD_SECONDS) -> Model:
    """The signatures of a SavedModel or Keras file, as TensorFlow gives them after loading it.

    `timeout` is in seconds. Raises SourceError where it cannot be loaded, with the last
    lines that its process wrote.
    """
    if not isinstance(source.files, LocalFiles):
        raise SourceError(source.place, "a remote model, which is not loaded from afar. Copy it to this machine.")
    # Symbolic links may point out of the folder, which is empty so that nothing in it is imported.
    with tempfile.TemporaryDirectory(prefix="sigcheck-load-", ignore_cleanup_errors=True) as folder:
        result, log = Path(folder, "result.json"), Path(folder, "log.txt")
        status = _run([str(Path(source.path).absolute()), str(result)], folder, log, timeout)
        if status is None:
            problem = f"loading it took longer than {timeout:g} s{_last_lines(log)}"
            raise SourceError(source.place, f"{problem}. Allow more time, or look at what its code does.")
        if status == 0 and result.is_file() and result.stat().st_size <= _RESULT_BYTES:
            model = Model.model_validate_json(result.read_bytes())
            return model.model_copy(update={"source": source.text})
        refused = Path(folder, "result.json.error")
        if refused.is_file():
            reason = refused.read_text("utf-8", "replace")[:_SHOWN_BYTES].strip().rstrip(".")
            raise SourceError(source.place, f"cannot be loaded: {reason}. Load it in Python to see more.")
        problem = f"the process that loaded it {_describe_end(status)}{_last_lines(log)}"
        raise SourceError(source.place, f"{problem}. Load it in Python to see more.")


def _run(arguments: list[str], folder: str, log: Path, timeout: float) -> int | None:
    """The exit status of the worker, or None where it had to be ended."""
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    # Relative entries meant the caller's folder.
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(os.path.abspath(path) for path in paths),  # noqa: PTH100  # links stay as they are
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # this interpreter with the project's own module
            [sys.executable, "-m", WORKER, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the worker and what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _describe_end(status: int) -> str:
    if status >= 0:
        return f"ended with exit code {status} and no result"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-status).name}"
    return f"was ended by signal {-status}"


def _last_lines(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _SHOWN_BYTES))
        lines = [line.strip() for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return f": {' | '.join(lines[-_SHOWN_LINES:])}" if lines else ""
