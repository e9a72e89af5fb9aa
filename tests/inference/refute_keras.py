"""Refute: as `refute`, for Keras files: `traps FOLDER` or `applications FOLDER`.

Each model is saved as `.keras` and `.h5`, and what either claims is held against what the model gives.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from tests.inference.keras_traps import EXPORTED, MODELS, words
from tests.inference.refute import broken_claims
from tests.inference.trap_models import KINDS, feed

APPLICATIONS = {
    "MobileNetV2": {"alpha": 0.35, "input_shape": (96, 96, 3), "classifier_activation": None},
    "MobileNetV3Small": {"alpha": 0.75, "input_shape": (64, 64, 3)},
    "EfficientNetB0": {"input_shape": (64, 64, 3)},
    "EfficientNetV2B0": {"input_shape": (64, 64, 3), "include_top": False, "pooling": "avg"},
    "MobileNet": {"alpha": 0.25, "input_shape": (64, 64, 3)},
}
HALF = {"float16", "bfloat16"}


def signature_of(path):
    """The first signature of a model file, with what its graph shows."""
    return infer(Source.parse(str(path)), read(str(path))).signatures[0]


def told(endpoints):
    """Claims by endpoint, as JSON values."""
    return {one.name: {claim.name: claim.value for claim in one.inferred} for one in endpoints}


def fed(kind, spec, rng):
    """A batch of five of one kind; sizes that are open are five too."""
    if spec.dtype == "string":
        return tf.constant(words([5 if size is None else size for size in spec.shape[1:]], rng))
    return tf.constant(feed(kind, tf.as_dtype(spec.dtype), spec.shape, rng))


def examined(name, model, folder, rng):
    """Claims, refuted ones, and how many were compared; of both formats."""
    paths = [Path(folder) / f"{name}{suffix}" for suffix in (".keras", ".h5")]
    for path in paths:
        model.save(path)
    signature, legacy = (signature_of(path) for path in paths)
    wrong = []
    # Of an operation of keras.ops a .h5 file does not say that it is one: then it claims less.
    if any(
        not all(claim in one.inferred for claim in other.inferred)
        for one, other in zip(signature.outputs, legacy.outputs, strict=True)
    ):
        wrong.append(f"{name}: .h5 claims {told(legacy.outputs)}")
    compared = 0
    # Large models take all kinds as one batch.
    for kinds in [KINDS] if name in APPLICATIONS else [(kind,) for kind in KINDS]:
        kind = " ".join(kinds)
        given = [tf.concat([fed(kind, one.spec, rng) for kind in kinds], 0) for one in signature.inputs]
        names = [one.name for one in signature.inputs]
        try:
            values = model(dict(zip(names, given, strict=True)) if len(given) > 1 else given[0])
        except tf.errors.AbortedError as error:
            # With oneDNN, TensorFlow has no softmax of half precision on processors that do not compute with it.
            if "primitive" not in str(error) or not {one.spec.dtype for one in signature.outputs} & HALF:
                raise
            continue
        values = keras.tree.flatten(values)
        for one, value in zip(signature.outputs, values, strict=True):
            if one.spec.dtype == value.dtype.name and one.inferred:
                compared += len(one.inferred) * len(kinds)
                wrong += [f"{name}, {one.name}, {kind}: {found}" for found in broken_claims(one.inferred, value)]
    claims = told((*signature.inputs, *signature.outputs))
    if name in EXPORTED:
        model.export(Path(folder) / name, verbose=False)
        exported = signature_of(Path(folder) / name)
        for ours, theirs in zip(
            (*signature.inputs, *signature.outputs), (*exported.inputs, *exported.outputs), strict=True
        ):
            ours_told, theirs_told = ({claim.name: claim.value for claim in one.inferred} for one in (ours, theirs))
            compared += 1
            wrong += [
                f"{name}, {ours.name}: {fact} {ours_told[fact]}, the SavedModel says {theirs_told[fact]}"
                for fact in {*ours_told} & {*theirs_told}
                if not np.array_equal(ours_told[fact], theirs_told[fact])
                and not (fact == "range" and np.allclose(ours_told[fact], theirs_told[fact], rtol=2e-3))
            ]
    return claims, wrong, compared


def main(what: str, folder: str) -> None:
    warnings.simplefilter("ignore")
    keras.config.enable_unsafe_deserialization()
    makers = (
        MODELS
        if what == "traps"
        else {
            name: lambda name=name, options=options: getattr(keras.applications, name)(weights=None, **options)
            for name, options in APPLICATIONS.items()
        }
    )
    found = {}
    for name, make in makers.items():
        keras.utils.clear_session(free_memory=False)
        found[name] = examined(name, make(), folder, np.random.default_rng(0))
    told_all = {
        "claimed": {name: claims for name, (claims, _, _) in found.items()},
        "refuted": [wrong for _, wrongs, _ in found.values() for wrong in wrongs],
        "compared": sum(count for _, _, count in found.values()),
    }
    sys.stdout.write(json.dumps(told_all) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
