"""Showing `.keras`, `.h5` and `.tflite` against Keras and the TFLite interpreter, whole processes in one run.

    python tests/benchmarks/read_formats.py

What the schema alone costs is shown beside them: it is the floor of every process of sigcheck.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import SIGCHECK, judge, median_costs, run, say, table

# The demands: at most these shares of the peer's cost.
CPU_SHARE, MEMORY_SHARE = 1 / 25, 1 / 8
ROUNDS = 3

BUILD = """
import sys, keras, tensorflow as tf
model = keras.applications.ResNet50(weights=None)
model.save(f"{sys.argv[1]}/m.keras")
model.save(f"{sys.argv[1]}/m.h5")
with open(f"{sys.argv[1]}/m.tflite", "wb") as file:
    file.write(tf.lite.TFLiteConverter.from_keras_model(keras.applications.MobileNetV2(weights=None)).convert())
"""
LOAD = "import sys, keras; keras.models.load_model(sys.argv[1], compile=False)"
INTERPRET = "import sys, tensorflow as tf; tf.lite.Interpreter(sys.argv[1]).get_signature_list()"
SCHEMA = "import sigcheck.schema.signature"
PEERS = {"m.keras": LOAD, "m.h5": LOAD, "m.tflite": INTERPRET}


def main() -> int:
    claims: dict[str, bool] = {}
    with tempfile.TemporaryDirectory() as folder:
        run([sys.executable, "-c", BUILD, folder])
        for name, peer in PEERS.items():
            model = str(Path(folder) / name)
            commands = {
                f"load {name}": [sys.executable, "-c", peer, model],
                f"show {name}": [*SIGCHECK, "show", model],
                "import the schema": [sys.executable, "-c", SCHEMA],
                "start Python": [sys.executable, "-c", "pass"],
            }
            costs = median_costs(commands, ROUNDS)
            say(table(costs, f"load {name}") + "\n")
            ours, theirs = costs[f"show {name}"], costs[f"load {name}"]
            claims[f"{name}: at most 1/25 of the CPU time"] = ours.seconds <= theirs.seconds * CPU_SHARE
            claims[f"{name}: at most 1/8 of the peak memory"] = ours.mebibytes <= theirs.mebibytes * MEMORY_SHARE
    return judge(claims)


if __name__ == "__main__":
    sys.exit(main())
