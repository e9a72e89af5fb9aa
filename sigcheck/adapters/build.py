"""Building: forms of adapters that TensorFlow has to write, in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Sequence
from pathlib import Path

from sigcheck.adapters.request import ExportRequest, FusionRequest, Request, Stage, to_dict
from sigcheck.process.walls import files_of
from sigcheck.process.worker import Worker, WorkerError, WorkerTimeoutError
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.time_limit import require_time_limit

WORKER = "sigcheck.adapters.form_worker"


def build(requests: Sequence[Request], timeout: float) -> None:
    """Writes what is requested, one after the other, in one process; `timeout` is for all, in seconds.

    Raises UsageError where a form does not exist for what is asked or its place cannot be
    written, and SourceError where a model cannot be loaded or run, or the process does not
    survive it.
    """
    if importlib.util.find_spec("tensorflow") is None:
        raise UsageError(
            "tensorflow",
            "is not installed, and has to write this form. Install it with: pip install 'sigcheck[tensorflow]'.",
        )
    require_time_limit(timeout)
    if not requests:
        return
    deadline = time.monotonic() + timeout
    try:
        with Worker(WORKER, readable=_read_by(requests), writable=_written_by(requests)) as worker:
            for request in requests:
                worker.send(to_dict(request))
                _check(request, worker.receive(deadline))
    except WorkerTimeoutError as error:
        problem = f"not written within {timeout:g} s: {error}. Allow more with --timeout."
        raise SourceError("worker", problem) from None
    except WorkerError as error:
        problem = f"the process that writes models did not survive it: {error}. Load the models in Python to see more."
        raise SourceError("worker", problem) from None


def _read_by(requests: Sequence[Request]) -> list[str]:
    """The models that are loaded for the requests, and the code that they are loaded with."""
    stages: list[Stage] = []
    for request in requests:
        if isinstance(request, FusionRequest):
            stages += request.stages
        elif isinstance(request, ExportRequest):
            stages.append(request.stage)
    code = [path for stage in stages if stage.program is not None for path in stage.program.files]
    return [*code, *(path for stage in stages for path in files_of(Path(stage.path)))]


def _written_by(requests: Sequence[Request]) -> list[str]:
    """The folder that all targets lie in: one that was made for them, beside the place where they go."""
    folder = Path(os.path.commonpath([os.path.dirname(request.target) for request in requests]))  # noqa: PTH120  # commonpath takes texts
    return [str(next(place for place in (folder, *folder.parents) if place.is_dir()))]


def _check(request: Request, answer: dict[str, object]) -> None:
    refused = answer.get("refused")
    if isinstance(refused, dict):
        kind = UsageError if refused["kind"] == UsageError.__name__ else SourceError
        raise kind(str(refused["place"]), str(refused["problem"]))
    if "unwritten" in answer:
        problem = f"cannot be written: {answer['unwritten']}. Name another place, or mend the folder."
        raise UsageError(request.target, problem)
    if "done" not in answer:
        raise SourceError(
            "worker", f"TensorFlow cannot write it: {answer.get('failed')}. See what it says of the models."
        )
