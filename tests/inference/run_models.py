"""Run models: what model files of each format give, by TensorFlow's own ways, whatever their age.

Imported in a worker process only: TensorFlow may abort it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import tensorflow as tf

from sigcheck.schema.signature import Signature

Run = Callable[[Mapping[str, np.ndarray]], Mapping[str, np.ndarray]]


@contextmanager
def open_model(reader: str, path: str, signature: Signature) -> Iterator[Run]:
    """Gives the outputs of a signature by name for inputs by name; inputs that are optional may be missing."""
    file = path.partition("#")[0]
    if reader in {"saved_model", "frozen_graph"}:
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            starts, ends = (_load_saved if reader == "saved_model" else _load_frozen)(session, file, signature)
            yield lambda feeds: session.run(ends, {starts[name]: value for name, value in feeds.items()})
    elif reader == "tflite":
        yield _tflite(file, signature)
    else:
        yield _keras(file, signature)


def _load_saved(session, file, signature):
    meta = tf.compat.v1.saved_model.load(session, ["serve"], file).signature_def[signature.key]
    return (
        {one.name: meta.inputs[one.name].name for one in signature.inputs},
        {one.name: meta.outputs[one.name].name for one in signature.outputs},
    )


def _load_frozen(session, file, signature):
    with open(file, "rb") as content:  # noqa: PTH123  # a path of any kind
        tf.import_graph_def(tf.compat.v1.GraphDef.FromString(content.read()), name="")
    sides = (signature.inputs, signature.outputs)
    return tuple({one.name: one.name if ":" in one.name else f"{one.name}:0" for one in side} for side in sides)


def _tflite(file, signature) -> Run:
    interpreter = tf.lite.Interpreter(file)
    starts, ends = interpreter.get_input_details(), interpreter.get_output_details()
    # The order of the file is that of the signature where it has none of its own.
    named = {one.name: detail for one, detail in zip(signature.inputs, starts, strict=True)}

    def run(feeds):
        for name, value in feeds.items():
            interpreter.resize_tensor_input(named[name]["index"], value.shape)
        interpreter.allocate_tensors()
        for name, value in feeds.items():
            interpreter.set_tensor(named[name]["index"], value)
        interpreter.invoke()
        given = [interpreter.get_tensor(detail["index"]) for detail in ends]
        return dict(zip((one.name for one in signature.outputs), given, strict=True))

    return run


def _keras(file, signature) -> Run:
    import keras

    model = keras.models.load_model(file, compile=False)
    # Keras 3 takes the batch of an old Sequential without an input layer for another axis: its layers are called.
    layers = model.layers if isinstance(model, keras.Sequential) else [model]

    def run(feeds):
        given = [feeds[one.name] for one in signature.inputs]
        given = given[0] if len(given) == 1 else given
        for layer in layers:
            given = layer(given, training=False) if layer is model else layer(given)
        given = given if isinstance(given, list | tuple) else [given]
        return {one.name: value.numpy() for one, value in zip(signature.outputs, given, strict=True)}

    return run
