"""Verification of 100 links in one call: one worker process, one import of TensorFlow.

python tests/benchmarks/verify_hundred.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from measure import ROOT, judge, say

from sigcheck.api import draft_pair, prove
from sigcheck.encodings.written_data import parse_toml

LINKS = 100
# The demand, in seconds of wall time.
LIMIT = 60.0
PAIRS = (
    ("rank/encoder", "rank/classifier.keras", None),
    ("range/sensor.keras", "range/scorer", "range/facts.toml"),
    ("range/sensor.keras", "range/scorer", "range/facts_normalization.toml"),
    ("rows/tokenizer", "rows/reader.keras", "rows/facts.toml"),
)


def main() -> int:
    fixtures = ROOT / "fixtures"
    drafts = [
        draft_pair(fixtures / producer, fixtures / consumer, facts=facts_of(fixtures, facts))
        for producer, consumer, facts in PAIRS
    ]
    drafts = (drafts * LINKS)[:LINKS]
    costs = {}
    for count in (1, LINKS):
        begin = time.perf_counter()
        reports = prove(drafts[:count], "executed", 600.0)
        costs[count] = time.perf_counter() - begin
    cases = sum(report.result.verification.cases for report in reports)
    say(f"| links | seconds |\n| --- | --- |\n| 1 | {costs[1]:.1f} |\n| {LINKS} | {costs[LINKS]:.1f} |")
    return judge(
        {
            f"all {LINKS} executed without a failure, {cases} cases": all(
                report.result.verification.level == "executed" and not report.result.verification.failures
                for report in reports
            ),
            f"{LINKS} links in at most {LIMIT:g} s": costs[LINKS] <= LIMIT,
        }
    )


def facts_of(fixtures: Path, name: str | None) -> Any:
    return None if name is None else parse_toml((fixtures / name).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
