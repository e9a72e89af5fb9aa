"""Call model: what a model gives for tensors, run in a worker process, by those who ask for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sigcheck.process.worker import Worker, WorkerError
from sigcheck.schema.errors import SourceError
from sigcheck.transforms.parts.array import Tensor
from sigcheck.verification.job import RunnableModel
from sigcheck.verification.packing import pack_tensors, unpack_tensors
from sigcheck.verification.runner import Tensors
from sigcheck.verification.verify import files_of_model, size_of_files

WORKER = "sigcheck.verification.call_worker"
_MOST_WORDS = 2000


@contextmanager
def called_model(model: RunnableModel, timeout: float) -> Iterator[Callable[[Tensors], dict[str, Tensor]]]:
    """What calls the model: with tensors of its inputs by name, it gives those of its outputs.

    `timeout` is for loading it, and for each call, in seconds. Raises SourceError at the model where it cannot be
    loaded or called, or takes longer.
    """
    size = size_of_files([Path(model.path)])
    with Worker(WORKER, str(size), readable=files_of_model(model)) as worker:

        def ask(message: dict[str, Any], payload: bytes = b"") -> tuple[dict[str, Any], bytes]:
            worker.send(message, payload)
            try:
                answer, packed = worker.receive_with(time.monotonic() + timeout)
            except WorkerError as error:
                raise SourceError(
                    model.source, f"the process that ran it gave no result: {error}. Run it in Python."
                ) from None
            if "failed" in answer:
                told = str(answer["failed"])[:_MOST_WORDS].rstrip(".")
                raise SourceError(model.source, f"failed on this data: {told}. Correct the data, or the model.")
            return answer, packed

        def call(tensors: Tensors) -> dict[str, Tensor]:
            described, payload = pack_tensors(tensors)
            answer, packed = ask({"tensors": described}, payload)
            try:
                return unpack_tensors(answer["given"], packed)
            except (KeyError, ValueError, TypeError, AttributeError, MemoryError):
                raise SourceError(model.source, "gave no tensors that can be read. Run it in Python.") from None

        ask({"model": model.model_dump(mode="json")})
        yield call
