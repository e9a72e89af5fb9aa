"""Observing a large array: how fast it is beside NumPy's least, greatest, mean and deviation, and in how much memory.

    python tests/benchmarks/observe.py [GB]

Numbers are random float32 in a file of so many GB, by default 4. Both run in processes of their own, in turns, on what
the system has of the file in memory. The rate is by the clock, the least of some rounds; seconds of the processor, user
and system, are told beside it: other work on the machine makes the clock tell little.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import ROOT, judge, say

LEAST_RATE = 0.6
MOST_MB = 300
ROUNDS = 3
COLUMNS = 256
BLOCK_ROWS = 1 << 16

MEASURE = """
import resource, sys, time
{imports}
start = time.process_time(), time.perf_counter()
{work}
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.process_time() - start[0], time.perf_counter() - start[1], most)
"""
NUMPY = MEASURE.format(
    imports="import numpy as np",
    work="values = np.load(sys.argv[1], mmap_mode='r'); values.min(), values.max(), values.mean(), values.std()",
)
OBSERVE = MEASURE.format(
    imports="from sigcheck.observation.observe import observe",
    work="observe(sys.argv[1])",
)


def write(path: Path, size: float) -> None:
    """Random numbers, so that no value is more frequent than others."""
    import numpy as np

    rows = int(size * 2**30) // (4 * COLUMNS)
    random = np.random.default_rng(0)
    array = np.lib.format.open_memmap(path, "w+", np.float32, (rows, COLUMNS))
    for start in range(0, rows, BLOCK_ROWS):
        count = min(BLOCK_ROWS, rows - start)
        array[start : start + count] = random.standard_normal((count, COLUMNS), np.float32)


def run(code: str, path: Path) -> tuple[float, float, float]:
    """Seconds of the processor and of the clock, and the most MB in memory."""
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    processor, clock, megabytes = map(float, done.stdout.split())
    return processor, clock, megabytes


def main() -> int:
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.npy"
        # In a process of its own: what this one had in memory at most is counted for those that it starts, too.
        maker = multiprocessing.get_context("spawn").Process(target=write, args=(path, size))
        maker.start()
        maker.join()
        rounds = [(run(NUMPY, path), run(OBSERVE, path)) for _ in range(ROUNDS)]
    rates = []
    for index, name in enumerate(("processor", "clock")):
        numpy, ours = (min(costs[index] for costs in one) for one in zip(*rounds, strict=True))
        rates.append(numpy / ours)
        say(f"{size:g} GB, {name}: NumPy {numpy:.1f} s, observe {ours:.1f} s, {rates[-1]:.0%} of its rate")
    memory = max(ours[-1] for _, ours in rounds)
    say(f"{memory:.0f} MB")
    return judge(
        {
            f"at least {LEAST_RATE:.0%} of the rate of NumPy by the clock": rates[-1] >= LEAST_RATE,
            f"at most {MOST_MB} MB": memory <= MOST_MB,
        }
    )


if __name__ == "__main__":
    sys.exit(main())
