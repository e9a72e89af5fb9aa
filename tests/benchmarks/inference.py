"""What it costs to infer facts, beyond reading: CPU milliseconds for each model, in one process.

    python tests/benchmarks/inference.py [MODEL...]

Without models it builds exports of its own: a few layers, an embedding, MobileNetV2, and a graph of
more nodes than are looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from tests.benchmarks.in_process import Demands, least_cost, main

DEMANDS = Demands(5.0, 200.0, 200.0)
ROUNDS = 25

BUILD = """
import sys, keras
L = keras.layers
def export(name, *layers):
    model = layers[0] if len(layers) == 1 else keras.Sequential(list(layers))
    model.export(f"{sys.argv[1]}/{name}", verbose=False)
export("dense", keras.Input((16,)), L.Dense(8, activation="relu"), L.Dense(5, activation="softmax"))
export("tower", keras.Input((24,)), *[L.Dense(24, activation="tanh") for _ in range(6)])
export("embedding", keras.Input((None,), dtype="int32"), L.Embedding(100, 8), L.GlobalAveragePooling1D(), L.Dense(1))
export("picture", keras.Input((None, None, 3)), L.Rescaling(1 / 255), L.Conv2D(4, 3), L.GlobalAveragePooling2D(),
       L.Dense(4, activation="sigmoid"))
export("mobilenet", keras.applications.MobileNetV2(weights=None))
"""


def cost(path: str) -> float:
    """The least CPU time of inferring one signature, in milliseconds."""
    model = read(path)
    model = model.model_copy(update={"signatures": model.signatures[:1]})
    source = Source.parse(path)
    return least_cost(lambda: infer(source, model), ROUNDS)


if __name__ == "__main__":
    sys.exit(main(BUILD, cost, cost, DEMANDS))
