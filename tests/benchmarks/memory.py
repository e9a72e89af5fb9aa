"""Peak memory of typed checks of one pair of specs each, in processes of their own: random pairs, and hostile ones.

    python tests/benchmarks/memory.py [RANDOM PAIRS]

Hostile pairs are such as make rivals that are compared on numbers, and long searches: huge and unknown sizes, many
axes of one size, fillings up to millions of entries. Each process checks with no proof.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from measure import ROOT, SIGCHECK, environment, judge, say

sys.path.insert(0, str(ROOT))

from tests.laws.random_specs import draw_pair

PAIRS = 20
# The demand: megabytes of the whole process.
MEMORY = 300.0
# Pairs are drawn from numbers from here on; the laws draw from 0.
FIRST = 2 * 10**7
HUGE = 2**40

_PIXELS = {"range": [0, 255], "meaning": "pixels"}
_FILLED = {"padding": {"value": 0}}
HOSTILE: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    # Rivals: a filling, and a resize, of one picture.
    ({"dtype": "uint8", "shape": [None, 7000, 7000, 3]}, {"dtype": "float32", "shape": [None, 8000, 8000, 3]}),
    (
        {"dtype": "float32", "shape": [None, 224, 224, 3], "facts": _PIXELS},
        {"dtype": "float32", "shape": [None, 4096, 4096, 3]},
    ),
    ({"dtype": "int32", "shape": [None, None]}, {"dtype": "int32", "shape": [None, 8000, 8000], "facts": _FILLED}),
    ({"dtype": "int32", "shape": [None]}, {"dtype": "int32", "shape": [None, 144_000], "facts": _FILLED}),
    ({"dtype": "float32", "shape": [8] * 8}, {"dtype": "float16", "shape": [None, *[8] * 7]}),
    ({"dtype": "float32", "shape": [None] * 9}, {"dtype": "float32", "shape": [None] * 8}),
    ({"dtype": "float64", "shape": [HUGE, HUGE // 2]}, {"dtype": "float32", "shape": [HUGE // 2, HUGE]}),
    ({"dtype": "uint8", "shape": [1] * 16}, {"dtype": "float32", "shape": [None] * 16}),
    ({"dtype": "float32", "shape": [2] * 24}, {"dtype": "float32", "shape": [2**12, 2**12]}),
    ({"dtype": "complex128", "shape": [3000, 3000]}, {"dtype": "complex64", "shape": [3000, 3000, 1]}),
    (
        {"kind": "ragged", "dtype": "string", "shape": [None, None, None]},
        {"dtype": "string", "shape": [None, 1000, 1000], "facts": {"padding": {"value": ""}}},
    ),
    ({"kind": "sparse", "dtype": "int64", "shape": [None, 10**9]}, {"dtype": "float32", "shape": [None, 10**9]}),
    # Orders of steps that are compared on as many numbers as are made at all.
    (
        {
            "dtype": "float64",
            "shape": [2, 4_000_000],
            "facts": {
                "axes": ["batch", "class"],
                "meaning": "logits",
                "normalization": {"mean": 0.5, "std": 2},
            },
        },
        {
            "dtype": "float16",
            "shape": [4_000_000, 2],
            "facts": {"axes": ["class", "batch"], "meaning": "log_probabilities"},
        },
    ),
    # Fit, or nearly, in a square of one size.
    ({"dtype": "float32", "shape": [1000, 1000, 1000]}, {"dtype": "float32", "shape": [None, 1000, 1000]}),
)


def measure(provided: dict[str, Any], required: dict[str, Any], folder: Path) -> float:
    """Megabytes that checking the pair takes at most."""
    producer, consumer = folder / "producer.json", folder / "consumer.json"
    producer.write_text(json.dumps({"outputs": {"given": provided}}), encoding="utf-8")
    consumer.write_text(json.dumps({"inputs": {"wanted": required}}), encoding="utf-8")
    command = [*SIGCHECK, "check", str(producer), str(consumer), "--verify", "typed", "--format", "json"]
    # A child starts from the memory of its parent: what checks is started by a process that has none.
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL, check=False); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    printed = subprocess.run(
        [sys.executable, "-S", "-c", script, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment(),
    )
    # Linux counts in KiB, macOS in bytes.
    return int(printed.stdout) / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> int:
    """Prints the figures, the worst pairs first; 1 where one takes more than is wanted."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    drawn = [draw_pair(Random(FIRST + number)) for number in range(count)]
    pairs = [*HOSTILE, *(tuple(one.model_dump(mode="json") for one in pair) for pair in drawn)]
    with tempfile.TemporaryDirectory() as folder:
        taken = [(measure(provided, required, Path(folder)), provided, required) for provided, required in pairs]
    taken.sort(key=lambda one: -one[0])
    say(f"{len(HOSTILE)} hostile pairs and {count} random ones; the five that take most:")
    for megabytes, provided, required in taken[:5]:
        say(f"{megabytes:8.0f} MB  {json.dumps(provided)} -> {json.dumps(required)}")
    return judge({f"no typed check of a pair takes more than {MEMORY:g} MB": taken[0][0] <= MEMORY})


if __name__ == "__main__":
    sys.exit(main())
