"""Refute: runs every trap model on every kind of input, and prints each claim that does not hold.

Run as a program, with a folder to write the graphs to: TensorFlow may abort the process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from sigcheck.schema.dtype import DTYPES

# The claims that values can refute.
COMPARED = frozenset({"range", "meaning", "id_count"})


def claims_of(path: str) -> dict[str, list]:
    """The claims of each output of a model file, by the name of the output."""
    model = infer(Source.parse(path), read(path))
    return {one.name: list(one.inferred) for one in model.signatures[0].outputs}


def broken_claims(claims, values) -> list[str]:
    """The claims that these values of one output refute."""
    values = np.asarray(values)
    if values.dtype.name == "bfloat16":
        values = values.astype(np.float32)
    found = []
    kept = values[~np.isnan(values)] if values.dtype.kind == "f" else values.ravel()
    for claim in claims:
        if claim.name == "range" and kept.size:
            low, high = claim.value
            unit = 2.0 ** -DTYPES[str(values.dtype)].digits if values.dtype.kind == "f" else 0.0
            slack = max(1e-5 * (high - low), 2 * unit * max(abs(low), abs(high)))
            if kept.min() < low - slack or kept.max() > high + slack:
                found.append(f"range {claim.value}: found {kept.min()} to {kept.max()}")
        if claim.name == "meaning" and values.size:
            rows = values.astype(np.float64)
            sums = (np.exp(rows) if claim.value == "log_probabilities" else rows).sum(-1)
            sums = sums[~np.isnan(sums)]
            if sums.size and np.abs(sums - 1).max() > 1e-3:
                found.append(f"{claim.value}: found sums {sums.min()} to {sums.max()}")
        if claim.name == "id_count" and kept.size and (kept.min() < 0 or kept.max() >= claim.value):
            found.append(f"id_count {claim.value}: found {kept.min()} to {kept.max()}")
    return found


def run_traps(write) -> None:
    """Prints what is claimed of each trap model and what running it refutes; `write(name, traced)` gives its source."""
    from tests.inference.trap_models import KINDS, MODELS, feed

    rng = np.random.default_rng(0)
    claimed, refuted, compared = {}, [], 0
    for name, (function, dtype, shape) in MODELS.items():
        traced = tf.function(function).get_concrete_function(tf.TensorSpec(shape, dtype, name="x"))
        (claims,) = claims_of(write(name, traced)).values()
        claimed[name] = {claim.name: claim.value for claim in claims}
        for kind in KINDS:
            values = traced(tf.constant(feed(kind, dtype, shape, rng)))
            compared += len(claims)
            refuted += [f"{name}, {kind}: {told}" for told in broken_claims(claims, values)]
    sys.stdout.write(json.dumps({"claimed": claimed, "refuted": refuted, "compared": compared}) + "\n")


def print_refuted(found) -> None:
    """Prints the same of models, of each by name its claims, those that are refuted, and how many were compared."""
    told = {
        "claimed": {name: claims for name, (claims, _, _) in found.items()},
        "refuted": [f"{name}: {wrong}" for name, (_, wrongs, _) in found.items() for wrong in wrongs],
        "compared": sum(count for _, _, count in found.values()),
    }
    sys.stdout.write(json.dumps(told) + "\n")


def main(folder: str) -> None:
    def write(name, traced):
        path = Path(folder) / f"{name}.pb"
        path.write_bytes(traced.graph.as_graph_def().SerializeToString())
        return f"{path}#output=Identity"

    run_traps(write)


if __name__ == "__main__":
    main(sys.argv[1])
