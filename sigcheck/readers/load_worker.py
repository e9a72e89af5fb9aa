"""The process that loads a model: `python -m sigcheck.readers.load_worker MODEL RESULT`.

Writes the model's signatures as JSON to RESULT, or why it cannot be loaded to RESULT.error.
The one module that imports TensorFlow by itself.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sigcheck.readers import live_keras, live_module
from sigcheck.schema.signature import Model

_KERAS_SUFFIXES = frozenset({".keras", ".h5", ".hdf5"})
_SHOWN_CHARACTERS = 1_000


def load(path: Path) -> Model:
    """What TensorFlow says of the model at the path. Raises what TensorFlow or Keras raises."""
    if path.is_dir():
        import tensorflow as tf

        return live_module.read(tf.saved_model.load(str(path)))
    if path.suffix not in _KERAS_SUFFIXES:
        raise ValueError("no SavedModel folder and no Keras file, the two that can be loaded")
    import keras

    # Safe mode refuses Lambda layers, which are code out of the file.
    return live_keras.read(keras.models.load_model(str(path), compile=False, safe_mode=True))


def main(path: str, result: str) -> int:
    """Loads the model and writes what it says; 0 where that went well, else 1."""
    try:
        written = load(Path(path)).model_dump_json()
    except Exception as error:  # noqa: BLE001  # a model's code may raise anything
        reason = " ".join(str(error).split())[:_SHOWN_CHARACTERS]
        Path(f"{result}.error").write_text(f"{type(error).__name__}: {reason}", "utf-8")
        return 1
    Path(result).write_text(written, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
