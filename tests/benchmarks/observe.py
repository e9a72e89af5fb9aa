"""Observing a large array: how fast it is beside NumPy's least, greatest, mean and deviation, and in how much memory.

    python tests/benchmarks/observe.py [GB]

Numbers are random float32 in a file of so many GB, by default 4. Both run in processes of their own, in turns, on what
the system has of the file in memory; seconds are of the processor, the least of some rounds, because both wait for the
disk alike.
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
start = time.process_time()
{work}
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
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


def run(code: str, path: Path) -> tuple[float, float]:
    """Seconds of the processor, and the most MB in memory."""
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def main() -> int:
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.npy"
        # In a process of its own: what this one had in memory at most is counted for those that it starts, too.
        maker = multiprocessing.get_context("spawn").Process(target=write, args=(path, size))
        maker.start()
        maker.join()
        rounds = [(run(NUMPY, path), run(OBSERVE, path)) for _ in range(ROUNDS)]
    numpy, ours = (min(seconds for seconds, _ in one) for one in zip(*rounds, strict=True))
    memory = max(megabytes for _, (_, megabytes) in rounds)
    say(f"{size:g} GB: NumPy {numpy:.1f} s, observe {ours:.1f} s, {numpy / ours:.0%} of its rate, {memory:.0f} MB")
    return judge(
        {
            f"at least {LEAST_RATE:.0%} of the rate of NumPy": numpy / ours >= LEAST_RATE,
            f"at most {MOST_MB} MB": memory <= MOST_MB,
        }
    )


if __name__ == "__main__":
    sys.exit(main())
