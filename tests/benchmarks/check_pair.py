"""`sigcheck check` of two models that fit, and of pairs that need a plan; verification off.

    python tests/benchmarks/check_pair.py

What such a process loads is tested in `tests/test_weight.py`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from measure import SIGCHECK, judge, median_costs, say, table

START = "python -c pass"
# The demands, in CPU seconds of the whole process.
FITS_LIMIT, PLAN_LIMIT = 0.4, 1.0
ROUNDS = 9

FITS = "fits"
PLANNED = {
    "a plan of one step": ("fixtures/rank/encoder", "fixtures/rank/classifier.keras"),
    "a plan of two steps": (
        "fixtures/range/sensor.keras",
        "fixtures/range/scorer",
        "--facts",
        "fixtures/range/facts.toml",
    ),
    "ragged rows to padded ones": (
        "fixtures/rows/tokenizer",
        "fixtures/rows/reader.keras",
        "--facts",
        "fixtures/rows/facts.toml",
    ),
}


def write_producer(folder: Path) -> str:
    """A signature file whose output is what the classifier's input is."""
    path = folder / "producer.json"
    spec = {"name": "x", "kind": "dense", "dtype": "float32", "shape": [None, 1, 10]}
    signature = {"key": "default", "inputs": [], "outputs": [spec]}
    model = {"schema_version": 1, "source": "producer", "reader": "signature_file", "signatures": [signature]}
    path.write_text(json.dumps(model), encoding="utf-8")
    return str(path)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        pairs = {FITS: (write_producer(Path(folder)), "fixtures/rank/classifier.keras"), **PLANNED}
        commands = {name: [*SIGCHECK, "check", *pair, "--verify", "typed"] for name, pair in pairs.items()}
        costs = median_costs({START: [sys.executable, "-c", "pass"], **commands}, ROUNDS)
    say(table(costs, START))
    return judge(
        {f"{FITS}: at most {FITS_LIMIT} s": costs[FITS].seconds <= FITS_LIMIT}
        | {f"{name}: at most {PLAN_LIMIT} s": costs[name].seconds <= PLAN_LIMIT for name in PLANNED}
    )


if __name__ == "__main__":
    sys.exit(main())
