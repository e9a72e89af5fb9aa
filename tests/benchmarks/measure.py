"""CPU seconds and peak memory of whole processes, and the table that compares them in one run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIGCHECK = (sys.executable, "-m", "sigcheck")


@dataclass(frozen=True)
class Cost:
    """What one process took: CPU seconds (user and system, children included) and peak resident MiB."""

    seconds: float
    mebibytes: float


def run(command: Sequence[str]) -> Cost:
    """The cost of one run of a command.

    Raises RuntimeError where it does not exit with 0. Peak memory is at least this
    process's own, which a child starts from: nothing heavy may be imported here.
    """
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment()
    ) as child:
        error = child.stderr.read() if child.stderr is not None else b""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(
            f"{' '.join(command)} exited with {child.returncode}: {error.decode(errors='replace')[-2000:]}"
        )
    # Linux counts in KiB, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def median_costs(commands: Mapping[str, Sequence[str]], times: int) -> dict[str, Cost]:
    """The medians for each command, after a run of each that fills the caches of files and bytecode.

    The commands take turns, so that what else the machine does slows all of them.
    """
    for command in commands.values():
        run(command)
    rounds = [{name: run(command) for name, command in commands.items()} for _ in range(times)]
    return {
        name: Cost(
            statistics.median(costs[name].seconds for costs in rounds),
            statistics.median(costs[name].mebibytes for costs in rounds),
        )
        for name in commands
    }


def table(costs: Mapping[str, Cost], peer: str) -> str:
    """A Markdown table in which every row is also told as a share of the peer's."""
    lines = ["| process | CPU s | of the peer | peak MiB | of the peer |", "| --- | --- | --- | --- | --- |"]
    base = costs[peer]
    for name, cost in costs.items():
        lines.append(
            f"| {name} | {cost.seconds:.3f} | {_share(cost.seconds, base.seconds)} "
            f"| {cost.mebibytes:.0f} | {_share(cost.mebibytes, base.mebibytes)} |"
        )
    return "\n".join(lines)


def judge(claims: Mapping[str, bool]) -> int:
    """Prints each claim with whether it holds; the exit code is 1 where one does not."""
    for claim, holds in claims.items():
        say(f"{'holds' if holds else 'FAILS'}: {claim}")
    return int(not all(claims.values()))


def say(text: str) -> None:
    """Prints a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _share(part: float, whole: float) -> str:
    ratio = part / whole
    return f"1/{1 / ratio:.0f}" if ratio < 0.5 else f"{ratio:.2f}"


def environment() -> dict[str, str]:
    """The variables of a process that is measured."""
    # The checkout is measured, whether it is installed or not.
    # Installed packages come with bytecode; so must the checkout, or its compilation would be measured.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
