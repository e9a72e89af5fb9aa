"""`sigcheck show` against `saved_model_cli show --all`, on SavedModels of some kilobytes: what both take to start.

python tests/benchmarks/show_small.py
"""

from __future__ import annotations

import sys

from measure import SIGCHECK, judge, median_costs, say, table

MODELS = ("fixtures/rank/encoder", "fixtures/rows/tokenizer")
SAVED_MODEL_CLI = (sys.executable, "-m", "tensorflow.python.tools.saved_model_cli")
PEER = "saved_model_cli show --all"
# The demand: at most this share of the peer's CPU time.
CPU_SHARE = 1 / 25
ROUNDS = 5


def main() -> int:
    claims = {}
    for model in MODELS:
        costs = median_costs(
            {
                PEER: [*SAVED_MODEL_CLI, "show", "--all", "--dir", model],
                "sigcheck show": [*SIGCHECK, "show", model],
                "sigcheck show --format json": [*SIGCHECK, "show", model, "--format", "json"],
            },
            ROUNDS,
        )
        say(f"{model}\n{table(costs, PEER)}")
        peer = costs.pop(PEER)
        for name, cost in costs.items():
            share = f"1/{peer.seconds / cost.seconds:.1f}"
            claims[f"{name} of {model} in 1/25 of the CPU time ({share})"] = cost.seconds <= peer.seconds * CPU_SHARE
    return judge(claims)


if __name__ == "__main__":
    sys.exit(main())
