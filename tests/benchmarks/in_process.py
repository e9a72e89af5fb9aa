"""What a function costs for each model, in one process, and for a graph that is given up: CPU milliseconds."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.measure import say


class Demands(NamedTuple):
    """What may be taken: by the median of the models, by one of them, and by the large graph."""

    median: float
    most: float
    large: float


def least_cost(call: Callable[[], object], rounds: int) -> float:
    """The least CPU time of so many calls, without what other work on the machine adds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        times.append((time.process_time() - start) * 1e3)
    return min(times)


def main(build: str, cost: Callable[[str], float], large_cost: Callable[[str], float], demands: Demands) -> int:
    """Prints the costs of the models of the command line, or of those that `build` exports; 1 where one is too much."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = sys.argv[1:]
        if not paths:
            subprocess.run([sys.executable, "-c", build, name], check=True, capture_output=True)
            paths = sorted(str(path) for path in folder.iterdir())
        costs = {path: cost(path) for path in paths}
        large = large_cost(_too_large(folder))
    median = statistics.median(costs.values())
    told = {**{Path(path).name: spent for path, spent in costs.items()}, "190,000 nodes, skipped": large}
    for what, spent in {**told, "median": median}.items():
        say(f"{what:24} {spent:8.1f} ms")
    return 0 if median <= demands.median and max(costs.values()) <= demands.most and large <= demands.large else 1


def _too_large(folder: Path) -> str:
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
