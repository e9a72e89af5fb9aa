"""`sigcheck show` on a `saved_model.pb` of over 1 GB against the small one that it was made from.

python tests/benchmarks/show_large.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import ROOT, SIGCHECK, judge, median_costs, run, say, table

SMALL, LARGE = "14 kB", "1.2 GB"
MODEL = "fixtures/rank/encoder"
# The demand: the same CPU time within this share, and the same memory.
SHARE = 1.10
ROUNDS = 21


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        large = str(Path(folder) / "large")
        run([sys.executable, str(ROOT / "tests/benchmarks/large_saved_model.py"), MODEL, large])
        size = (Path(large) / "saved_model.pb").stat().st_size
        costs = median_costs({SMALL: [*SIGCHECK, "show", MODEL], LARGE: [*SIGCHECK, "show", large]}, ROUNDS)
    say(table(costs, SMALL))
    return judge(
        {
            f"the large one has over 1 GB ({size / 1e9:.2f})": size > 1e9,
            "the same CPU time within 10 percent": costs[LARGE].seconds <= costs[SMALL].seconds * SHARE,
            "the same peak memory within 10 percent": costs[LARGE].mebibytes <= costs[SMALL].mebibytes * SHARE,
        }
    )


if __name__ == "__main__":
    sys.exit(main())
