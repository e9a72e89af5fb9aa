"""Keras applications that take open sizes, as SavedModels: what is said of their sizes, and what TensorFlow does.

    python -m tests.sizes.application_models FOLDER [NAME ...]

Each is built without weights and without its top, exported, and run at a few sizes that it is said to take. A line
of JSON for each goes to FOLDER/rows.jsonl, and stands in docs/size-coverage.md.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from sigcheck import api
from sigcheck.sizes import walk as walking
from tests.sizes.counted import Counted
from tests.sizes.test_models import problems, said_to_run

SIZES = (32, 33, 64, 24, 75, 96)


def names():
    """The models of `keras.applications`."""
    return sorted(name for name, made in vars(keras.applications).items() if callable(made) and name[0].isupper())


def row(name, folder):
    model = getattr(keras.applications, name)(weights=None, include_top=False, input_shape=(None, None, 3))
    path = folder / name
    model.export(path, verbose=False)
    walking._Walk, plain = Counted, walking._Walk
    Counted.nodes = Counted.known = 0
    try:
        (signature,) = api.read(str(path), key="serving_default", infer=True).signatures
    finally:
        walking._Walk = plain
    served = tf.saved_model.load(path).signatures["serving_default"]
    (given,) = signature.inputs
    told = {"ran": 0, "failed": [], "refused": 0, "wrong": []}
    for at, height in enumerate(SIZES):
        shape = (1 + at % 2, height, SIZES[(at + 1) % len(SIZES)], 3)
        case = {"feeds": {given.name: list(shape)}, "gives": None}
        if not said_to_run(signature, case):
            # A kernel that pools nothing may end the process (a division by zero in InceptionV3).
            told["refused"] += 1
            continue
        case["gives"] = _run(served, given.name, shape)
        runs = isinstance(case["gives"], dict)
        told["ran"] += runs
        told["failed"] += [] if runs else [case]
        told["wrong"] += list(problems(signature, case))
    shutil.rmtree(path)
    return {
        "name": name,
        "nodes": Counted.nodes,
        "known": Counted.known,
        "inputs": [one.sizes for one in signature.inputs],
        "outputs": [one.sizes for one in signature.outputs],
        "constraints": [one.holds for one in signature.constraints],
        "unfollowed": signature.unfollowed,
        **told,
    }


def _run(served, name, shape):
    try:
        found = served(**{name: tf.constant(np.random.default_rng(0).uniform(size=shape), tf.float32)})
    except (tf.errors.OpError, ValueError) as error:
        return str(error)[:200]
    return {key: list(value.shape) for key, value in found.items()}


def main(folder, wanted):
    with (folder / "rows.jsonl").open("a") as file:
        for name in wanted or names():
            try:
                told = row(name, folder)
            except (ValueError, TypeError) as error:
                told = {"name": name, "refused": str(error).splitlines()[0]}
            file.write(json.dumps(told) + "\n")
            file.flush()
            keras.backend.clear_session()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
