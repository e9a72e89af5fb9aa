"""The worker that runs one model: `python -m sigcheck.verification.call_worker MODEL_BYTES`.

The first request names the model, each other one has tensors of its inputs. Whatever the model prints goes to standard
error, and one that reads finds nothing.
"""

from __future__ import annotations

import sys
from typing import Any

from sigcheck.process.child import Channel, limit_memory
from sigcheck.verification.job import RunnableModel
from sigcheck.verification.packing import pack_tensors, unpack_tensors
from sigcheck.verification.worker import COPIES_OF_A_MODEL, MEMORY_BYTES


def main() -> None:
    """Loads the model, and calls it until the input ends."""
    channel = Channel()
    requests = channel.requests()
    first, _ = next(requests)
    model = RunnableModel.model_validate(first["model"])
    try:
        call = _load(model)
    except Exception as error:  # noqa: BLE001  # a model's code may raise anything
        channel.answer({"failed": f"{error}"})
        return
    channel.answer({"loaded": True})
    for request, payload in requests:
        channel.answer(*_answer(call, request, payload))


def _load(model: RunnableModel) -> Any:
    import tensorflow as tf

    from sigcheck.verification.loaded_model import load_model
    from sigcheck.verification.tensors import from_tensorflow, to_tensorflow

    # The first operation starts the runtime and its threads.
    tf.constant(0.0).numpy()
    limit_memory(MEMORY_BYTES + COPIES_OF_A_MODEL * int(sys.argv[1]))
    run = load_model(model)
    specs = {one.name: one.spec for one in model.signature.inputs}

    def call(tensors: Any) -> Any:
        given = run({name: to_tensorflow(value, specs[name]) for name, value in tensors.items()})
        return {name: from_tensorflow(value) for name, value in given.items()}

    return call


def _answer(call: Any, request: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
    from sigcheck.verification.error_text import in_words

    try:
        described, packed = pack_tensors(call(unpack_tensors(request["tensors"], payload)))
    except Exception as error:  # noqa: BLE001  # a model's code may raise anything
        return {"failed": in_words(error)}, b""
    return {"given": described}, packed


if __name__ == "__main__":
    main()
