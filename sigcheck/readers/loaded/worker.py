"""The process that loads models: `python -m sigcheck.readers.loaded.worker`.

Answers each request with the model's signatures as JSON, or with why it cannot be loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sigcheck.process.child import Channel
from sigcheck.readers.live import keras as live_keras
from sigcheck.readers.live import module as live_module
from sigcheck.readers.loaded.custom_objects import import_modules
from sigcheck.readers.loaded.keras_file import load_keras
from sigcheck.readers.loaded.program import Program
from sigcheck.schema.signature import Model

_KERAS_SUFFIXES = frozenset({".keras", ".h5", ".hdf5"})
_SHOWN_CHARACTERS = 1_000
# Keras tells the config of the whole model first, then what is wrong, and then the config again.
_INNER, _CONFIG = "Exception encountered: ", "Full object config"


def load(path: Path, program: Program) -> Model:
    """What TensorFlow says of the model at the path. Raises what TensorFlow or Keras raises."""
    if path.is_dir():
        import tensorflow as tf

        import_modules(program)
        return live_module.read(tf.saved_model.load(str(path)))
    if path.suffix not in _KERAS_SUFFIXES:
        raise ValueError("no SavedModel folder and no Keras file, the two that can be loaded")
    return live_keras.read(load_keras(path, program))


def main() -> None:
    """Answers requests until the input ends."""
    channel = Channel()
    for request, _ in channel.requests():
        channel.answer(*_answer(Path(request["path"]), Program.model_validate(request["program"])))


def _answer(path: Path, program: Program) -> tuple[dict[str, Any], bytes]:
    try:
        return {"loaded": True}, load(path, program).model_dump_json().encode()
    except Exception as error:  # noqa: BLE001  # a model's code may raise anything
        reason = " ".join(str(error).rpartition(_INNER)[2].partition(_CONFIG)[0].split())[:_SHOWN_CHARACTERS]
        return {"failed": f"{type(error).__name__}: {reason}"}, b""


if __name__ == "__main__":
    main()
