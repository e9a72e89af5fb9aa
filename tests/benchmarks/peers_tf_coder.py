"""TF-Coder's own benchmark tasks, asked of TF-Coder and of sigcheck.

The tasks: those with one dense tensor in and one out, of all five files of its benchmarks. Adapters among them are
those whose target program, as its authors wrote it, calls nothing but `ADAPTING` and does no arithmetic. The others
compute something new; sigcheck is asked them too, and has to refuse them.

Both get the example pair. TF-Coder also gets the constants and the English description of the task. sigcheck gets
two specs: the sizes of the example, unknown where another batch has another one. In a second row it is told `TOLD`
too, which is what the constants and the description say in its words. Its policy allows every loss.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.measure import ROOT
from tests.benchmarks.peers_answer import Answer, Array, equals, read_array

WORKER = str(Path(__file__).with_name("peers_tf_coder_worker.py"))

# Calls that change the dtype, the sizes, the order or the encoding: `greater` and `range` are how a mask of lengths
# is written, `minimum` is a clip, `fill` and `concat` are padding.
ADAPTING = frozenset(
    {
        *("cast", "constant", "reshape", "transpose", "expand_dims", "squeeze", "stack", "unstack"),
        *("tile", "repeat", "pad", "concat", "fill", "gather", "one_hot", "argmax"),
        *("greater", "range", "minimum", "maximum"),
    }
)
# What no adapter does: arithmetic and conditions, written as operators.
_COMPUTING = (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.IfExp)

# By the task: facts of the producer and the consumer.
TOLD: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    # "create a mask for sequences of the given lengths"
    "google_08": {"producer": {"meaning": "lengths"}, "consumer": {"meaning": "mask"}},
    # "reshape by separating and duplicating columns"
    "stackoverflow_01": {
        "producer": {"axes": ["row", "column"]},
        "consumer": {"axes": ["column", "row", "copy"]},
    },
    # "clip values that are greater than 1", constant 1
    "stackoverflow_02": {"producer": {"range": [-10, 5]}, "consumer": {"range": [-10, 1]}},
    # "compute argmax in each tensor and set it to 1"
    "stackoverflow_20": {"producer": {"meaning": "probabilities"}, "consumer": {"meaning": "mask"}},
}

# Its model is one of Keras 2; it says itself that it is faster without a GPU.
ENVIRONMENT = {"TF_USE_LEGACY_KERAS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

# Seconds of wall time for each second of its limit, on a machine that does other work, and to start.
SLACK, START = 10.0, 600.0


class Task(NamedTuple):
    """A task with its example, and another by the same target program."""

    name: str
    program: str
    given: Array
    wanted: Array
    fresh_given: Array
    fresh_wanted: Array

    @property
    def is_adapter(self) -> bool:
        """Whether its target program does what adapters do, and nothing else."""
        return is_adapter(self.program)

    def judge(self, made: Array | None) -> bool | None:
        """Whether an array is what another batch should become; None where there is none."""
        return None if made is None else equals(made, self.fresh_wanted)


def is_adapter(program: str) -> bool:
    """Whether a target program calls nothing but `ADAPTING` and does no arithmetic.

    >>> is_adapter("tf.transpose(tf.reshape(in1, (5, 3)))"), is_adapter("tf.cumsum(in1)"), is_adapter("in1[:, :, 0]")
    (True, False, True)
    """
    for node in ast.walk(ast.parse(program, mode="eval")):
        if isinstance(node, _COMPUTING):
            return False
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called != "float" and (not called.startswith("tf.") or called[3:] not in ADAPTING):
                return False
    return True


def read_tasks(written: str) -> list[Task]:
    """The tasks as the worker prints them."""
    arrays = ("given", "wanted", "fresh_given", "fresh_wanted")
    return [
        Task(task["name"], task["program"], *(read_array(task[name]) for name in arrays))
        for task in json.loads(written)["tasks"]
    ]


def write_spec(array: Array, fresh: Array) -> str:
    """The spec that both arrays are of, in sigcheck's notation.

    >>> write_spec(np.zeros((2, 3), np.float32), np.zeros((4, 3), np.float32))
    'float32[?, 3]'
    """
    sizes = ["?" if size != other else str(size) for size, other in zip(array.shape, fresh.shape, strict=True)]
    return f"{array.dtype}[{', '.join(sizes)}]"


def fetch_tasks(python: str) -> list[Task]:
    """The tasks of one tensor, from the environment of TF-Coder."""
    return read_tasks(_run([python, WORKER, "tasks"], START)[0])


def ask_sigcheck(task: Task, folder: Path, told: Mapping[str, Mapping[str, Any]] | None = None) -> Answer:
    """sigcheck's answer to a task, of which the adapter is run on another batch."""
    import sigcheck
    from sigcheck.schema.errors import UsageError
    from sigcheck.schema.policy import Policy

    producer, consumer, pair = folder / "producer.json", folder / "consumer.json", folder / "pair.npz"
    producer.write_text(json.dumps({"outputs": {"given": write_spec(task.given, task.fresh_given)}}), "utf-8")
    consumer.write_text(json.dumps({"inputs": {"wanted": write_spec(task.wanted, task.fresh_wanted)}}), "utf-8")
    np.savez(pair, provided=task.given, required=task.wanted)
    facts = {side: {name: told[side]} for side, name in (("producer", "given"), ("consumer", "wanted")) if told}
    start = time.process_time()
    try:
        report = sigcheck.check(
            producer, consumer, policy=Policy(loss="irreversible"), facts=facts, example=pair, verify="typed"
        )
    except UsageError as error:
        # What else it may complain of would be a fault of the question.
        if "no plan makes the required array" not in str(error):
            raise
        return Answer("no plan", time.process_time() - start, "none makes the example")
    seconds = time.process_time() - start
    return run_report(report, seconds, task.fresh_given, task.judge)


def run_report(report: Any, seconds: float, fresh: Array, judge: Any) -> Answer:
    """The outcome of a report, its adapter being run on an array and judged."""
    import tensorflow as tf

    if report.adapter is None:
        return Answer("undecided" if report.verdict == "undecided" else "no plan", seconds, report.verdict)
    plan = "; ".join(str(binding.plan) for binding in report.bindings)
    try:
        made = np.asarray(report.adapter(tf.constant(fresh)))
    except tf.errors.InvalidArgumentError:
        return Answer("fails", seconds, plan)
    return Answer("right" if judge(made) else "wrong", seconds, plan)


def ask_tf_coder(python: str, tasks: Sequence[Task], limit: float) -> dict[str, Answer]:
    """TF-Coder's answers. A process that dies is started again without the task that it died of."""
    answers: dict[str, Answer] = {}
    by_name = {task.name: task for task in tasks}
    while left := [name for name in by_name if name not in answers]:
        output, is_late = _run([python, WORKER, "solve", str(limit), *left], START + SLACK * limit * len(left))
        found, died_of = read_answers(output.splitlines(), by_name)
        answers |= found
        if died_of is not None:
            answers[died_of] = Answer("out of time" if is_late else "crashed", None, "")
        elif not found:
            raise RuntimeError("TF-Coder does not start; its messages are above")
    return answers


def read_answers(lines: Iterable[str], tasks: Mapping[str, Task]) -> tuple[dict[str, Answer], str | None]:
    """The answers that the worker printed, and the task that it was at when it ended, if any."""
    answers: dict[str, Answer] = {}
    current = None
    for line in lines:
        told = json.loads(line)
        if "starts" in told:
            current = told["starts"]
            continue
        current = None
        name, what = told["name"], told["answer"]
        if what is None:
            answers[name] = Answer("out of time", told["seconds"], "")
            continue
        is_right = tasks[name].judge(None if told["made"] is None else read_array(told["made"]))
        answers[name] = Answer("fails" if is_right is None else "right" if is_right else "wrong", told["seconds"], what)
    return answers, current


def _run(command: Sequence[str], seconds: float) -> tuple[str, bool]:
    """What a command prints, whether it dies or not, and whether it was ended because it took too long."""
    environment = {**os.environ, **ENVIRONMENT}
    try:
        ended = subprocess.run(command, stdout=subprocess.PIPE, timeout=seconds, check=False, cwd=ROOT, env=environment)
    except subprocess.TimeoutExpired as late:
        return (late.output or b"").decode(), True
    return ended.stdout.decode(), False
