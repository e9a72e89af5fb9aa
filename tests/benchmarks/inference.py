"""What it costs to infer facts, beyond reading: CPU milliseconds for each model, in one process.

    python tests/benchmarks/inference.py [MODEL...]

Without models it builds exports of its own: a few layers, an embedding, MobileNetV2, and a graph of
more nodes than are looked at.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read

# The demands, in milliseconds: the median of the models, and the most that one may take.
MEDIAN, MOST = 5.0, 200.0
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
    """The least CPU time of inferring one signature, in milliseconds, without what other work on the machine adds."""
    model = read(path)
    model = model.model_copy(update={"signatures": model.signatures[:1]})
    source = Source.parse(path)
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        infer(source, model)
        times.append((time.process_time() - start) * 1e3)
    return min(times)


def too_large(folder: Path) -> str:
    """A frozen graph of 190,000 nodes, nearly as many as can be read. Names as long as those of real graphs make a file
    of more than 10 MB, which may take more work than a small one."""
    nodes, of = [], b"StatefulPartitionedCall/model/"
    for at in range(190_000):
        name = of + b"%d" % at
        body = b"\x0a" + bytes([len(name)]) + name + b"\x12\x03Neg" + b"\x1a" + bytes([len(of) + 1]) + of + b"0"
        nodes.append(b"\x0a" + bytes([len(body)]) + body)
    path = folder / "large.pb"
    path.write_bytes(b"".join(nodes))
    return f"{path}#output={of.decode()}7"


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = sys.argv[1:]
        if not paths:
            subprocess.run([sys.executable, "-c", BUILD, name], check=True, capture_output=True)
            paths = sorted(str(path) for path in folder.iterdir())
        costs = {path: cost(path) for path in paths}
        for path, spent in costs.items():
            print(f"{Path(path).name:24} {spent:8.1f} ms")  # noqa: T201  # a program that prints
        large = cost(too_large(folder))
    print(f"{'190,000 nodes, skipped':24} {large:8.1f} ms")  # noqa: T201  # as above
    median = statistics.median(costs.values())
    print(f"{'median':24} {median:8.1f} ms")  # noqa: T201  # as above
    return 0 if median <= MEDIAN and max(*costs.values(), large) <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
