"""What it costs to follow sizes, beyond reading: CPU milliseconds for each model, in one process.

    python tests/benchmarks/sizes.py [MODEL...]

Without models it builds exports of its own, MobileNetV2 with open sizes among them, in three formats. The graph
is lowered for what is inferred anyway: counted is what follows it and says it. A graph of 190,000 nodes is
counted until it is given up.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sigcheck.encodings.source import Source
from sigcheck.inference.sizes import tell_sizes
from sigcheck.readers import graph_reader, read
from sigcheck.schema.budget import GRAPH_STEPS, bounded
from sigcheck.sizes import bounds
from tests.benchmarks.in_process import Demands, main
from tests.benchmarks.inference import cost as whole_cost

DEMANDS = Demands(5.0, 30.0, 200.0)
ROUNDS = 15

BUILD = """
import sys, keras, tensorflow as tf
from pathlib import Path
from tests.sizes import models, wide_models
for name, (made, _, _) in {**models.KERAS, **wide_models.KERAS}.items():
    made().export(f"{sys.argv[1]}/{name}", verbose=False)
model = keras.applications.MobileNetV2(weights=None, include_top=False, input_shape=(None, None, 3))
path = f"{sys.argv[1]}/mobilenet"
model.export(path, verbose=False)
model.save(f"{path}.keras")
Path(f"{path}.tflite").write_bytes(tf.lite.TFLiteConverter.from_saved_model(path).convert())
"""


def cost(path: str) -> float:
    """The least CPU time of following the sizes of one signature, in milliseconds."""
    source, model = Source.parse(path), read(path)
    reader = graph_reader(model.reader)
    if reader is None:
        raise ValueError(f"{path}: a format without graphs, expected one with. Choose another.")
    times = []
    for _ in range(ROUNDS):
        # Attributes are decoded where they are asked for, and kept: each round opens the graph anew.
        with reader.open_graphs(source) as graphs, bounded(path, steps=GRAPH_STEPS):
            graph = graphs.lower(model.signatures[0])
            bounds._bounds.cache_clear()
            start = time.process_time()
            tell_sizes(graph, model.signatures[0])
            times.append((time.process_time() - start) * 1e3)
    return min(times)


if __name__ == "__main__":
    sys.exit(main(BUILD, cost, whole_cost, DEMANDS))
