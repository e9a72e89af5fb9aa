"""Adapter: clips#serving_default -> sounds#serving_default. Written by `sigcheck adapt`; verified: typed.

provided  audio: float32[1000]
required  waveform: float32[?]

called    row by row: the consumer
over      audio: float32[?, 1000]
gives     loudness: float32[?]
          scores: float32[?, ?, 5]
"""

import tensorflow as tf


def adapt(outputs: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
    return {"waveform": outputs["audio"]}


# What the model gives for one row.
RESULTS = {
    "loudness": tf.TensorSpec([], tf.float32),
    "scores": tf.TensorSpec([None, 5], tf.float32),
}


def call_rows(model, outputs, results=RESULTS):
    """What the model gives for each row of the outputs, as one batch; of no rows, no results.

    The model takes its inputs by their names and gives its outputs by theirs, as a signature of a SavedModel does.
    """
    rows = {name: outputs[name] for name in ["audio"]}

    def call(row):
        given = model(**adapt({n: outputs[n][0] for n in row}))
        return {name: given[name] for name in results}

    def called():
        return tf.map_fn(call, rows, fn_output_signature=results)

    def nothing():
        # No row says how large these are: a size that is not known is 0.
        shapes = {name: [size or 0 for size in spec.shape] for name, spec in results.items()}
        return {name: tf.zeros([0, *shape], results[name].dtype) for name, shape in shapes.items()}

    first = rows["audio"]
    return called() if first.shape[0] else tf.cond(tf.shape(first)[0] > 0, called, nothing)
