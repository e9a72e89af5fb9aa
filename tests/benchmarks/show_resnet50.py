"""`sigcheck show` against `saved_model_cli show --all`, on a ResNet50 export.

python tests/benchmarks/show_resnet50.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import SIGCHECK, judge, median_costs, run, say, table

PEER = "saved_model_cli show --all"
OURS = "sigcheck show"
# The demands: at most these shares of the peer's cost.
CPU_SHARE, MEMORY_SHARE = 1 / 25, 1 / 8
ROUNDS = 5

EXPORT = """
import sys, keras
keras.utils.set_random_seed(0)
keras.applications.ResNet50(weights=None).export(sys.argv[1], verbose=False)
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "resnet50")
        run([sys.executable, "-c", EXPORT, model])
        peer = [sys.executable, "-m", "tensorflow.python.tools.saved_model_cli", "show", "--all", "--dir", model]
        commands = {
            PEER: peer,
            OURS: [*SIGCHECK, "show", model],
            "sigcheck show --format json": [*SIGCHECK, "show", model, "--format", "json"],
            "python -c pass": [sys.executable, "-c", "pass"],
        }
        costs = median_costs(commands, ROUNDS)
    say(table(costs, PEER))
    return judge(
        {
            "at most 1/25 of the CPU time": costs[OURS].seconds <= costs[PEER].seconds * CPU_SHARE,
            "at most 1/8 of the peak memory": costs[OURS].mebibytes <= costs[PEER].mebibytes * MEMORY_SHARE,
        }
    )


if __name__ == "__main__":
    sys.exit(main())
