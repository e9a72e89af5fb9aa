"""Planning random pairs of which all facts are told, in process.

    python tests/benchmarks/random_pairs.py [PAIRS]

Pairs are two writings of one latent value (tests/laws/latent_pairs.py): pictures, scores, ids, signals and what is
derived of them. Milliseconds of CPU time; imports are not counted. Every pair has a plan, so that one that is not
passed is a false alarm.
"""

from __future__ import annotations

import resource
import sys
import time
from random import Random

from measure import ROOT, judge, say

sys.path.insert(0, str(ROOT))

from sigcheck.planning.search import search
from tests.laws.latent_pairs import draw

PAIRS = 10_000
# The demands: milliseconds, and megabytes of the whole process.
MEDIAN, PERCENTILE_95, MOST, MEMORY = 0.4, 3.0, 30.0, 300.0
# Pairs are drawn from numbers from here on; the laws draw from 0.
FIRST = 10**7
PASSING = frozenset({"fits", "adapts", "guarded"})


def main() -> int:
    """Prints the figures; 1 where one of them is not met."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    taken, alarms, limited = [], 0, 0
    for number in range(count):
        pair = draw(Random(FIRST + number))
        start = time.process_time()
        outcome = search(pair.provided, pair.required, pair.policy)
        taken.append((time.process_time() - start) * 1000)
        alarms += outcome.verdict not in PASSING
        limited += outcome.is_stopped
    taken.sort()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {
        "median, ms": (taken[count // 2], MEDIAN),
        "95th percentile, ms": (taken[int(0.95 * count)], PERCENTILE_95),
        "most, ms": (taken[-1], MOST),
        "memory, MB": (megabytes, MEMORY),
        "not passed": (alarms, 0),
        "at a limit": (limited, 0),
    }
    for name, (figure, demand) in figures.items():
        say(f"{name:20} {figure:8.2f}, demanded {demand:g}")
    return judge({name: figure <= demand for name, (figure, demand) in figures.items()})


if __name__ == "__main__":
    sys.exit(main())
