"""Observing records of examples: how fast it is beside TFDV, and beside a loop of tf.data that computes the same.

    python tests/benchmarks/observe_records.py [EXAMPLES] [--environments FOLDER] [--python PYTHON3.11]

By default 100,000 examples of ten features: four floats, three whole numbers, ids in rows of varying length, a vector,
a text. Each pass runs in a process of its own, in turns; seconds are the least of some rounds, without what is imported
and as whole processes. The loop parses batches with `tf.io.parse_example` and counts with NumPy, as one would write it:
ends, mean, deviation, zeros, NaN, different ids, lengths. A second one counts also what else `observe` has: quantiles
by the same bins, whether all is whole, each channel of the vector, the hash of the file. Neither has exact sums or
looks at what texts are. TFDV has an environment of its own, which needs the network the first time and is kept in
FOLDER; without one it is left out. What all of them count must be the same.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from measure import ROOT, environment, judge, say

sys.path.insert(0, str(ROOT))

from tests.benchmarks.peers_environment import check_python, make_environment

WORKER = str(Path(__file__).with_name("observe_records_worker.py"))
LEAST_RATE = 3.0
ROUNDS = 3
# By the name of the pass: who it is.
LOOPS = {"loop": "a tf.data loop", "loop_of_all": "a tf.data loop of all that observe counts"}
# Sums of floats in another order; a sketch of the different texts.
CLOSE, CLOSE_DISTINCT = 1e-6, 0.05


class Seconds(NamedTuple):
    """Of the processor and of the clock, from the call to the result and as a whole process."""

    processor: float
    clock: float
    whole_processor: float
    whole_clock: float


def run(python: str, who: str, path: str) -> tuple[Seconds, dict[str, Any]]:
    """What one pass took, and what it found."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([python, WORKER, who, path], env=environment(), capture_output=True, text=True, check=True)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(done.stdout)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Seconds(told["processor"], told["clock"], processor, clock), told["found"]


def agree(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether two passes found the same of each feature."""
    if mine.keys() != theirs.keys():
        return False
    return all(
        math.isclose(
            mine[name][what],
            theirs[name][what],
            rel_tol=CLOSE_DISTINCT if what == "distinct" else CLOSE,
            abs_tol=CLOSE,
        )
        for name in mine
        for what in mine[name]
    )


def main() -> int:
    """Prints what each pass took; 1 where one is not as much slower as demanded, or found something else."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", nargs="?", type=int, default=100_000)
    parser.add_argument("--environments", type=Path, help="where that of TFDV is, or is made and kept")
    parser.add_argument("--python", default=sys.executable, help="of which it is made: Python 3.10 or 3.11")
    arguments = parser.parse_args()
    pythons, named = dict.fromkeys(("observe", *LOOPS), sys.executable), dict(LOOPS)
    if arguments.environments is not None:
        check_python(arguments.python)
        pythons["tfdv"] = make_environment(arguments.environments, "tfdv", arguments.python)
        named["tfdv"] = "TFDV"
    taken: dict[str, list[Seconds]] = {who: [] for who in pythons}
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "examples.tfrecord")
        command = [sys.executable, WORKER, "write", path, str(arguments.examples)]
        subprocess.run(command, check=True, capture_output=True)
        for _ in range(ROUNDS):
            for who, python in pythons.items():
                seconds, found[who] = run(python, who, path)
                taken[who].append(seconds)
    least = {who: Seconds(*map(min, zip(*rounds, strict=True))) for who, rounds in taken.items()}
    own = least.pop("observe")
    say(f"{arguments.examples:,} examples; seconds of the processor (of the clock)\n")
    say("| | without imports | times observe | whole process | times observe |\n| --- | --- | --- | --- | --- |")
    say(f"| observe | {own[0]:.2f} ({own[1]:.2f}) | | {own[2]:.2f} ({own[3]:.2f}) | |")
    demands = {}
    for who, seconds in least.items():
        times = [theirs / mine for theirs, mine in zip(seconds, own, strict=True)]
        alone = f"{seconds[0]:.2f} ({seconds[1]:.2f}) | {times[0]:.1f} ({times[1]:.1f})"
        say(f"| {named[who]} | {alone} | {seconds[2]:.2f} ({seconds[3]:.2f}) | {times[2]:.1f} ({times[3]:.1f}) |")
        demands[f"{LEAST_RATE:g} times the rate of {named[who]}, without imports"] = times[0] >= LEAST_RATE
        demands[f"{LEAST_RATE:g} times the rate of {named[who]}, as processes"] = times[2] >= LEAST_RATE
        demands[f"{named[who]} found the same"] = agree(found["observe"], found[who])
    rates = [f"{arguments.examples / seconds:,.0f}" for seconds in own[:2]]
    say(f"\nobserve: {rates[0]} examples a second of the processor, {rates[1]} of the clock\n")
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main())
