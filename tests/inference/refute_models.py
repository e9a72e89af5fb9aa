"""Refute: as `refute`, for whole models: `applications FOLDER`, or files that are named.

python -m tests.inference.refute_models applications FOLDER
python -m tests.inference.refute_models MODEL...
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from sigcheck.schema.signature import Signature
from tests.inference.refute import COMPARED, broken_claims, print_refuted
from tests.inference.run_models import open_model
from tests.inference.trap_models import KINDS, feed

# Small inputs, so that each runs in tenths of a second; weights are random.
APPLICATIONS = {
    "MobileNetV2": {"alpha": 0.35, "input_shape": (96, 96, 3)},
    "MobileNetV3Small": {"alpha": 0.75, "input_shape": (64, 64, 3)},
    "EfficientNetB0": {"input_shape": (64, 64, 3)},
}


def freeze(name, options, folder) -> str:
    """A frozen graph of a Keras application without trained weights."""
    import keras
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    model = getattr(keras.applications, name)(weights=None, **options)
    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(
        tf.TensorSpec((None, *options["input_shape"]), tf.float32, name="x")
    )
    path = Path(folder) / f"{name}.pb"
    path.write_bytes(convert_variables_to_constants_v2(traced).graph.as_graph_def().SerializeToString())
    return f"{path}#output=Identity"


# Unknown sizes behind the batch: SpliceAI cuts 5,000 off at each end, a spectrogram takes some 400 samples.
LONG = 10_005


def _sizes(shape, reader) -> list[int | None]:
    """The sizes to feed. The interpreter of TFLite aborts where graphs that were made for a batch of 1 get another."""
    first = [1 if size is None and reader == "tflite" else size for size in shape[:1]]
    return [*first, *(LONG if size is None else size for size in shape[1:])]


def refuted(path) -> tuple[dict, list[str], int]:
    """The claims of the first signature by endpoint, those that running it refutes, and how many were compared."""
    model = infer(Source.parse(path), read(path))
    signature: Signature = model.signatures[0]
    told = {
        one.name: {claim.name: claim.value for claim in one.inferred} for one in (*signature.inputs, *signature.outputs)
    }
    rng, wrong, compared = np.random.default_rng(0), [], 0
    with open_model(model.reader, path, signature) as run:
        for kind in KINDS:
            given = run(
                {
                    one.name: feed(kind, tf.as_dtype(one.spec.dtype), _sizes(one.spec.shape, model.reader), rng)
                    for one in signature.inputs
                    if not one.optional
                }
            )
            for one in signature.outputs:
                compared += sum(claim.name in COMPARED for claim in one.inferred)
                wrong += [f"{one.name}, {kind}: {found}" for found in broken_claims(one.inferred, given[one.name])]
    return told, wrong, compared


def main(arguments: list[str]) -> None:
    if arguments[0] == "applications":
        paths = {name: freeze(name, options, arguments[1]) for name, options in APPLICATIONS.items()}
    else:
        paths = {path: path for path in arguments}
    print_refuted({name: refuted(path) for name, path in paths.items()})


if __name__ == "__main__":
    main(sys.argv[1:])
