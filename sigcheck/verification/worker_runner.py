"""The runner that asks a worker: what executes is another process, and what it answers is checked.

An answer holds tensors or a refusal, nothing else: code in the worker that writes one itself has
given tensors, and they are compared as any.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.process.worker import Worker, WorkerError, WorkerTimeoutError
from sigcheck.transforms.parts.array import Tensor
from sigcheck.verification.job import Job, Models
from sigcheck.verification.packing import pack_tensors, unpack_tensors
from sigcheck.verification.runner import AdapterError, FailedError, LoadError, RefusedError, Tensors, Traced

_RAISED = {error.__name__: error for error in (AdapterError, FailedError, LoadError, RefusedError)}
# What a worker says in words is shown to people.
_MOST_WORDS = 2000


class WorkerRunner:
    """Runs in a worker until `time.monotonic()` is at the deadline.

    Each call raises WorkerTimeoutError where the time is used up, and WorkerError where the
    worker ended or answered something that is no answer.
    """

    def __init__(self, worker: Worker, deadline: float) -> None:
        self._worker = worker
        self._deadline = deadline

    def trace(self, job: Job) -> Traced:
        """Has the adapter loaded and traced."""
        answer, _ = self._ask({"do": "trace", "job": job.to_dict()})
        try:
            return Traced.model_validate(answer["traced"])
        except (KeyError, ValueError) as error:
            raise WorkerError(f"it gave no valid answer: {error!r:.200}") from None

    def run(self, values: Tensors) -> dict[str, Tensor]:
        """Has the adapter run."""
        return self._given("run", values)

    def load(self, models: Models) -> None:
        """Has the models loaded."""
        self._ask({"do": "load", "models": models.model_dump(mode="json")})

    def produce(self, inputs: Sequence[Tensors]) -> dict[str, Tensor]:
        """Has the producers run."""
        return self._given("produce", _numbered(inputs), count=len(inputs))

    def consume(self, adapted: Tensors) -> dict[str, Tensor]:
        """Has the consumer run."""
        return self._given("consume", adapted)

    def run_together(self, inputs: Sequence[Tensors]) -> dict[str, Tensor]:
        """Has all run as one graph."""
        return self._given("run_together", _numbered(inputs), count=len(inputs))

    def _given(self, do: str, tensors: Tensors, **more: Any) -> dict[str, Tensor]:
        described, payload = pack_tensors(tensors)
        answer, packed = self._ask({"do": do, "tensors": described, **more}, payload)
        try:
            return unpack_tensors(answer["given"], packed)
        except (KeyError, ValueError, TypeError, AttributeError, MemoryError) as error:
            raise WorkerError(f"it gave no valid answer: {error!r:.200}") from None

    def _ask(self, request: dict[str, Any], payload: bytes = b"") -> tuple[dict[str, Any], bytes]:
        seconds = self._deadline - time.monotonic()
        if seconds <= 0:
            raise WorkerTimeoutError("no time is left")
        self._worker.send(request | {"seconds": seconds}, payload)
        answer, packed = self._worker.receive_with(self._deadline)
        for name, error in _RAISED.items():
            if name in answer:
                raise error(str(answer[name])[:_MOST_WORDS])
        return answer, packed


class ApartRunner:
    """Two workers: one for an adapter that sigcheck did not write, one for the models around it.

    What the models give by themselves is then no word of the adapter's. Only where all run as one
    graph are they together.
    """

    def __init__(self, adapter: WorkerRunner, models: WorkerRunner) -> None:
        self._models = models
        self._adapter = adapter
        self.trace = adapter.trace
        self.run = adapter.run
        self.run_together = adapter.run_together
        self.produce = models.produce
        self.consume = models.consume

    def load(self, models: Models) -> None:
        """Has the models loaded in both."""
        self._models.load(models)
        self._adapter.load(models)


def _numbered(inputs: Sequence[Tensors]) -> Mapping[str, Tensor]:
    """The inputs of several producers under one name each."""
    return {f"{at} {name}": tensor for at, of in enumerate(inputs) for name, tensor in of.items()}
