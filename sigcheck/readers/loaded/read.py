"""Loaded models: what TensorFlow says of a model once it is loaded, asked for by `--load` alone.

A model is a program, and loading one may crash, hang or exit. So it is loaded in a worker
process, with a time limit and behind walls where the system has them; Keras' safe mode stays on.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from sigcheck.encodings.files import LocalFiles
from sigcheck.encodings.source import Source
from sigcheck.process.walls import files_of
from sigcheck.process.worker import Worker, WorkerError, WorkerTimeoutError
from sigcheck.readers.loaded.cure import cure, in_short
from sigcheck.readers.loaded.program import Program, find_program
from sigcheck.schema.errors import SourceError
from sigcheck.schema.loading import Loading
from sigcheck.schema.signature import Model, Note
from sigcheck.schema.walls import Walls

WORKER = "sigcheck.readers.loaded.worker"

# TensorFlow takes 5 s to import, a model of some GB a minute to load.
LOAD_SECONDS = 300.0

_MOST_WORDS = 4_000
# The formats whose files TensorFlow loads; what others say is read as it stands.
LOADED = frozenset({"saved_model", "keras", "keras_h5"})
_PLAIN = Loading()


def read_loaded(source: Source, timeout: float = LOAD_SECONDS, loading: Loading = _PLAIN) -> Model:
    """The signatures of a SavedModel or Keras file, as TensorFlow gives them after loading it.

    `timeout` is in seconds. Raises SourceError where it cannot be loaded, with the last
    lines that its process wrote, and UsageError for a module to import that is nowhere.
    """
    if not isinstance(source.files, LocalFiles):
        raise SourceError(source.place, "a remote model, which is not loaded from afar. Copy it to this machine.")
    program = find_program(loading)
    try:
        answer, written, walls = _load(Path(source.path).absolute(), program, timeout)
    except WorkerTimeoutError as error:
        problem = f"loading it took longer than {timeout:g} s: {error}"
        raise SourceError(source.place, f"{problem}. Allow more time, or look at what its code does.") from None
    except WorkerError as error:
        problem = f"the process that loaded it gave no result: {error}"
        raise SourceError(source.place, f"{problem}. Load it in Python to see more.") from None
    if "failed" in answer:
        reason = str(answer["failed"])[:_MOST_WORDS].strip().rstrip(".")
        raise SourceError(source.place, f"cannot be loaded: {in_short(reason)}. {cure(reason)}")
    try:
        model = Model.model_validate_json(written)
    except ValueError:
        problem = "the process that loaded it gave no valid result. Load it in Python to see more."
        raise SourceError(source.place, problem) from None
    note = Note(place=source.place, message=f"loaded by TensorFlow; walls around it: {walls}")
    return model.model_copy(update={"source": source.text, "notes": (*model.notes, note)})


def _load(path: Path, program: Program, timeout: float) -> tuple[dict[str, Any], bytes, Walls]:
    deadline = time.monotonic() + timeout
    with Worker(WORKER, readable=[*files_of(path), *program.files]) as worker:
        worker.send({"path": str(path), "program": program.model_dump(mode="json")})
        return *worker.receive_with(deadline), worker.walls
