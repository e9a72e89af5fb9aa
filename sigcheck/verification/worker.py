"""The worker: a process of its own that runs adapters and models for a judge in another.

    python -m sigcheck.verification.worker [MODEL_BYTES]

Each request names what to do and is answered once: with tensors, or with why there are none.
MODEL_BYTES is the size of the largest models that it is to run, which it needs memory for.
Whatever an adapter prints goes to standard error, and an adapter that reads finds nothing.
"""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sigcheck.process.child import Channel, limit_memory
from sigcheck.transforms.parts.array import Tensor
from sigcheck.verification.job import Job, Models
from sigcheck.verification.packing import pack_tensors, unpack_tensors
from sigcheck.verification.runner import AdapterError, FailedError, LoadError, RefusedError

if TYPE_CHECKING:
    from sigcheck.verification.runner import Runner

# Beyond what TensorFlow has taken when it is loaded. The largest generated tensor and its
# copies take less than a tenth of this.
MEMORY_BYTES = 4 * 2**30
# A model is held as its file and as variables, and once more while it is loaded.
COPIES_OF_A_MODEL = 4
# How much later than its parent's limit a worker whose parent has died ends itself.
_GRACE_SECONDS = 10.0


def main() -> None:
    """Answers requests until the input ends."""
    channel = Channel()
    # TensorFlow is imported here, before any job, so that its start is not put down to the first.
    import tensorflow as tf

    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    # The first operation starts the runtime and its threads.
    tf.constant(0.0).numpy()
    models = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    limit_memory(MEMORY_BYTES + COPIES_OF_A_MODEL * models)
    channel.answer({"ready": tf.__version__})
    runner: Runner = TensorFlowRunner()
    for request, payload in channel.requests():
        faulthandler.dump_traceback_later(request["seconds"] + _GRACE_SECONDS, exit=True)
        if request["do"] == "trace":
            runner = TensorFlowRunner()
        answer, tensors = _answer(runner, request, payload)
        faulthandler.cancel_dump_traceback_later()
        channel.answer(answer, tensors)


def _answer(runner: Runner, request: Mapping[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
    do = request["do"]
    try:
        if do == "trace":
            return {"traced": runner.trace(Job.model_validate(request["job"])).model_dump(mode="json")}, b""
        if do == "load":
            runner.load(Models.model_validate(request["models"]))
            return {"loaded": True}, b""
        described, packed = pack_tensors(_run(runner, request, unpack_tensors(request["tensors"], payload)))
    except (AdapterError, RefusedError, FailedError, LoadError) as error:
        return {type(error).__name__: str(error)}, b""
    except ValueError as error:
        return {FailedError.__name__: str(error)}, b""
    return {"given": described}, packed


def _run(runner: Runner, request: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    if request["do"] == "run":
        return runner.run(tensors)
    if request["do"] == "consume":
        return runner.consume(tensors)
    inputs: list[dict[str, Tensor]] = [{} for _ in range(request["count"])]
    for name, tensor in tensors.items():
        # The inputs of several producers come as `0 name`, `1 name`.
        number, _, own = name.partition(" ")
        inputs[int(number)][own] = tensor
    return runner.produce(inputs) if request["do"] == "produce" else runner.run_together(inputs)


if __name__ == "__main__":
    main()
