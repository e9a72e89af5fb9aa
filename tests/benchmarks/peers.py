"""Beside the peers, in one run: TF-Coder on its own benchmark tasks, and im2im on its own conversions of images.

    python tests/benchmarks/peers.py [--environments FOLDER] [--python PYTHON3.11] [--only tf_coder | im2im]

Needs the network the first time: each peer is installed in an environment of its own, in FOLDER, which is kept for
the next run where it is named. Seconds are of CPU, in process, for finding the answer: imports and what each tool
loads first are not counted, and neither is running what was found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
from measure import ROOT, judge, say

sys.path.insert(0, str(ROOT))

from tests.benchmarks.peers_answer import HEADER, Answer, read_array, row
from tests.benchmarks.peers_environment import check_python, make_environment
from tests.benchmarks.peers_im2im import (
    GIVEN,
    WANTED,
    Pair,
    consumer_of,
    draw_pairs,
    producer_of,
    write_models,
    write_request,
)
from tests.benchmarks.peers_tf_coder import TOLD, Task, ask_sigcheck, ask_tf_coder, fetch_tasks, run_report

# CPU seconds for a task: TF-Coder's own default.
LIMIT = 60.0
PAIRS = 300
PEERS = ("tf_coder", "im2im")


def compare_tf_coder(python: str, limit: float, folder: Path) -> dict[str, bool]:
    """Prints the tables of TF-Coder's tasks; the claims about sigcheck, with whether they hold."""
    tasks = fetch_tasks(python)
    adapters = [task for task in tasks if task.is_adapter]
    others = [task for task in tasks if not task.is_adapter]
    ask_sigcheck(adapters[0], folder)
    plain = {task.name: ask_sigcheck(task, folder) for task in tasks}
    told = {task.name: ask_sigcheck(task, folder, TOLD.get(task.name)) for task in adapters}
    theirs = ask_tf_coder(python, adapters, limit)
    say(f"\nTF-Coder's tasks of one tensor that are adapters: {len(adapters)} of {len(tasks)}\n\n{HEADER}")
    say(row("TF-Coder", [theirs[task.name] for task in adapters]))
    say(row("sigcheck, specs and pair", [plain[task.name] for task in adapters]))
    say(row("sigcheck, facts told too", [told[task.name] for task in adapters]))
    say(row("sigcheck, the other tasks", [plain[task.name] for task in others]))
    say("\n| task | target program | TF-Coder | sigcheck | facts told too |\n| --- | --- | --- | --- | --- |")
    for task in adapters:
        say(f"| {task.name} | `{task.program}` | {_tell(theirs, task)} | {_tell(plain, task)} | {_tell(told, task)} |")
    given = (*plain.values(), *told.values())
    return {"of TF-Coder's tasks, sigcheck passes none wrongly": not any(a.outcome == "wrong" for a in given)}


def _tell(answers: dict[str, Answer], task: Task) -> str:
    answer = answers[task.name]
    return answer.outcome if answer.seconds is None else f"{answer.outcome}, {answer.seconds * 1000:.0f} ms"


def compare_im2im(python: str, count: int, folder: Path) -> dict[str, bool]:
    """Prints the table of im2im's conversions; the claims about sigcheck, with whether they hold."""
    pairs = draw_pairs(count)
    worker = Path(__file__).with_name("peers_im2im_worker.py")
    printed = subprocess.run(
        [python, str(worker)], input=write_request(pairs), stdout=subprocess.PIPE, text=True, check=True
    )
    theirs = [_judge(pair, answer) for pair, answer in zip(pairs, json.loads(printed.stdout), strict=True)]
    _plan_images(pairs[0])
    # Asked for all before one is run, on both sides.
    codes = [_plan_images(pair) for pair in pairs]
    planned = [_run_images(pair, *code) for pair, code in zip(pairs, codes, strict=True)]
    _check_images(pairs[0], folder)
    checked = [_check_images(pair, folder) for pair in pairs]
    told = {"im2im": theirs, "sigcheck, plan and code": planned, "sigcheck, check of two files": checked}
    say(f"\nim2im's conversions: {count} pairs\n\n{HEADER}")
    for tool, answers in told.items():
        say(row(tool, answers))
    say("\n| from | to | tool | outcome | answer |\n| --- | --- | --- | --- | --- |")
    for tool, answers in told.items():
        for pair, answer in zip(pairs, answers, strict=True):
            if answer.outcome != "right":
                what = answer.what.replace("\n", "; ")
                say(f"| {_name(pair.source)} | {_name(pair.target)} | {tool} | {answer.outcome} | `{what}` |")
    is_wrong = any(answer.outcome == "wrong" for answer in (*planned, *checked))
    return {"of im2im's conversions, sigcheck makes none wrongly": not is_wrong}


def _name(form: Sequence[object]) -> str:
    return ", ".join(map(str, form))


def _judge(pair: Pair, told: dict[str, object]) -> Answer:
    seconds, what = float(str(told["seconds"])), str(told["answer"])
    if told["answer"] is None:
        return Answer("no plan", seconds, "none")
    if not isinstance(told["made"], dict):
        return Answer("fails", seconds, what)
    return Answer("right" if pair.is_right(read_array(told["made"])) else "wrong", seconds, what)


def _plan_images(pair: Pair) -> tuple[float, str | None]:
    """What im2im is asked for: of two descriptions in memory a plan and its code, and nothing is said of them."""
    from sigcheck.api import draft_pair
    from sigcheck.schema.policy import Policy
    from sigcheck.stages.emit import write

    source, target = pair.source.spec(is_one=pair.is_one), pair.target.spec(is_one=pair.is_one)
    start = time.process_time()
    draft = draft_pair(producer_of(source), consumer_of(target), policy=Policy(loss="irreversible"))
    code = write(draft) if draft.has_adapter else None
    return time.process_time() - start, code


def _run_images(pair: Pair, seconds: float, code: str | None) -> Answer:
    import tensorflow as tf

    from sigcheck.adapters.module import load_adapt

    if code is None:
        return Answer("no plan", seconds, "none")
    made = np.asarray(load_adapt(code)({GIVEN: tf.constant(pair.given)})[WANTED])
    return Answer("right" if pair.is_right(made) else "wrong", seconds, code)


def _check_images(pair: Pair, folder: Path) -> Answer:
    import sigcheck
    from sigcheck.schema.policy import Policy

    producer, consumer = write_models(pair, folder)
    start = time.process_time()
    report = sigcheck.check(producer, consumer, policy=Policy(loss="irreversible"), verify="typed")
    return run_report(report, time.process_time() - start, pair.given, pair.is_right)


def main() -> int:
    """Prints the tables; 1 where sigcheck gives a wrong answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environments", type=Path, help="where the environments are, or are made and kept")
    parser.add_argument("--python", default=sys.executable, help="of which they are made: Python 3.10 or 3.11")
    parser.add_argument("--only", choices=PEERS)
    parser.add_argument("--limit", type=float, default=LIMIT, help="CPU seconds that TF-Coder has for a task")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="conversions of images, of the 3,080 that there are")
    arguments = parser.parse_args()
    check_python(arguments.python)
    claims: dict[str, bool] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = arguments.environments or Path(folder) / "environments"
        peers = [peer for peer in PEERS if arguments.only in {None, peer}]
        pythons = {peer: make_environment(home, peer, arguments.python) for peer in peers}
        if "tf_coder" in pythons:
            claims |= compare_tf_coder(pythons["tf_coder"], arguments.limit, Path(folder))
        if "im2im" in pythons:
            claims |= compare_im2im(pythons["im2im"], arguments.pairs, Path(folder))
    return judge(claims)


if __name__ == "__main__":
    sys.exit(main())
