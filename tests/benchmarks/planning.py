"""Planning one binding, in process, over the suite of cases.

    python tests/benchmarks/planning.py

Milliseconds of CPU time, the median of several rounds for each case; imports are not counted.
"""

from __future__ import annotations

import statistics
import sys
import time

from measure import ROOT, say

sys.path.insert(0, str(ROOT))

from sigcheck.planning.search import search
from tests.planning.cases import CASES, Case

# The demands, in milliseconds.
MEDIAN, PERCENTILE_95, MOST = 3.0, 15.0, 200.0
ROUNDS = 7
SLOWEST = 5


def measure(case: Case) -> float:
    """The median milliseconds of planning a case, its specs being read before."""
    provided, required = case.specs()
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        search(provided, required)
        rounds.append((time.process_time() - start) * 1000)
    return statistics.median(rounds)


def main() -> int:
    """Prints the figures; 1 where one of them is not met."""
    for case in CASES:
        search(*case.specs())
    taken = {str(case): measure(case) for case in CASES}
    ordered = sorted(taken.values())
    figures = {
        "median": (statistics.median(ordered), MEDIAN),
        "95th percentile": (ordered[int(0.95 * len(ordered))], PERCENTILE_95),
        "most": (ordered[-1], MOST),
    }
    say(f"{len(CASES)} cases")
    for name, (figure, demand) in figures.items():
        say(f"{name:16} {figure:8.2f} ms, demanded {demand:g}")
    say("slowest:")
    for case in sorted(taken, key=taken.__getitem__, reverse=True)[:SLOWEST]:
        say(f"{taken[case]:8.2f} ms  {case}")
    return int(any(figure > demand for figure, demand in figures.values()))


if __name__ == "__main__":
    raise SystemExit(main())
