"""`sigcheck lint` of 200 models and 300 links, half of which need a plan; and of up to 20,000 links.

    python tests/benchmarks/lint.py

Whole processes, verification off, so that TensorFlow is not needed: cold, with an empty cache; and
once more, when nothing changed. CPU seconds are told beside the wall time, because what else the
machine does changes them less, and the peak memory of the largest process. Then `sigcheck diff` of one
model with the one of a Git revision, in a project of 10,000 models and 15,000 links.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from measure import SIGCHECK, environment, judge, say

# The demands, in seconds of wall time.
COLD_LIMIT, WARM_LIMIT = 3.0, 1.0
# Of the most links: seconds of processor time, of which 12 s on two cores have as many, and MiB (250 MB) of the
# largest process. What else the machine does says nothing of the program, and is in every wall time.
MOST_SECONDS, MOST_MEMORY = 24.0, 238
# In seconds of processor time: what did not change, and one model of many.
UNCHANGED_LIMIT, DIFF_LIMIT = 1.2, 0.5
# A project of ten times the links may take this much more than ten times the time.
LINEAR_SLACK = 1.3
SIZES = (300, 1_500, 5_000, 20_000)
UNCHANGED, OF_DIFF = 5_000, 15_000
LINKS_PER_GROUP = 6
ROUNDS = 3


def write_project(folder: Path, links: int) -> None:
    """A project of groups of four models and six links each; no two groups share a spec.

    `a` and `b` give images, `c` takes them as they are, `d` takes them in another form; `c`
    feeds `d`, and `d` feeds `c`.
    """
    (folder / "models").mkdir(parents=True)
    # Half of the links need an adapter, and name none: what is measured is the lint.
    config = ["[rules]", 'missing_adapter = "note"', ""]
    for group in range(links // LINKS_PER_GROUP):
        height, width = 8 + group % 97, 9 + group // 97
        image, wanted = [None, height, width, 3], _wanted(group, height, width)
        sides = {
            "a": ((), image),
            "b": ((), [1, *image[1:]]),
            "c": (image, [2, *image[1:]]),
            "d": (wanted, [3, *image[1:]]),
        }
        for name, (takes, gives) in sides.items():
            _write_model(folder / "models" / f"{name}{group}.json", takes, gives)
            config += [f"[models.{name}{group}]", f'source = "models/{name}{group}.json"', ""]
        for pair in ("ac", "bc", "dc", "ad", "bd", "cd"):
            config += ["[[links]]", f'from = "{pair[0]}{group}"', f'to = "{pair[1]}{group}"', ""]
    (folder / "sigcheck.toml").write_text("\n".join(config), encoding="utf-8")


def _wanted(group: int, height: int, width: int) -> dict | list:
    forms = (
        [None, 3, height, width],
        [None, height * width * 3],
        [None, 1, height, width, 3],
        {"dtype": "float16", "shape": [None, height, width, 3]},
        {"dtype": "float16", "shape": [None, 3, height, width]},
    )
    return forms[group % len(forms)]


def _write_model(path: Path, takes: dict | list | tuple, gives: list) -> None:
    def spec(name: str, written: dict | list) -> dict:
        fields = written if isinstance(written, dict) else {"dtype": "float32", "shape": written}
        return {"name": name, "kind": "dense", **fields}

    inputs = [spec("image", takes)] if takes else []
    signature = {"key": "serving_default", "inputs": inputs, "outputs": [spec("image", gives)]}
    written = {"schema_version": 1, "source": path.stem, "reader": "signature_file", "signatures": [signature]}
    path.write_text(json.dumps(written), encoding="utf-8")


class Cost(NamedTuple):
    """Wall and CPU seconds of one process and its children, and the peak MiB of the largest of them."""

    wall: float
    cpu: float
    mebibytes: float


def lint(project: Path, cache: Path) -> Cost:
    """The cost of one lint. Raises RuntimeError where it could not check everything."""
    return _run(project, cache, "lint", "--verify", "typed", "--quiet")


def diff(project: Path, cache: Path) -> Cost:
    """The cost of comparing one model with the one that was committed, which gives another dtype."""
    model = project / "models" / "a7.json"
    _git(project, "init", "-q")
    _git(project, "add", "-A")
    _git(project, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all")
    model.write_text(model.read_text("utf-8").replace("float32", "float64"), encoding="utf-8")
    return _least(
        [_run(project, cache, "diff", "HEAD:models/a7.json", "models/a7.json", code=1) for _ in range(ROUNDS)]
    )


def _git(project: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=project, check=True, stdout=subprocess.DEVNULL)


def _run(project: Path, cache: Path, *arguments: str, code: int = 0) -> Cost:
    start = time.perf_counter()
    with subprocess.Popen(
        [*SIGCHECK, *arguments],
        cwd=project,
        env={**environment(), "XDG_CACHE_HOME": str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as child:
        error = child.stderr.read() if child.stderr is not None else b""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != code:
        raise RuntimeError(f"exit code {child.returncode}: {error.decode(errors='replace')[-500:]}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def main() -> int:
    """Prints the figures, and says whether they hold."""
    cold, warm = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            project = Path(folder) / f"project{size}"
            write_project(project, size)
            lint(project, Path(folder) / f"first{size}")
            caches = [Path(folder) / f"cache{size}.{at}" for at in range(ROUNDS if size == SIZES[0] else 1)]
            cold[size] = _least([lint(project, cache) for cache in caches])
            warm[size] = _least([lint(project, cache) for cache in caches])
            for name, cost in (("cold", cold[size]), ("unchanged", warm[size])):
                say(f"{size} links, {name}: {cost.wall:.2f} s, CPU {cost.cpu:.2f} s, {cost.mebibytes:.0f} MiB")
        project = Path(folder) / "diff"
        write_project(project, OF_DIFF)
        one = diff(project, Path(folder) / "cache")
        say(f"diff of one model of {OF_DIFF} links: {one.wall:.2f} s, CPU {one.cpu:.2f} s, {one.mebibytes:.0f} MiB")
    first, last = SIZES[0], SIZES[-1]
    growth = (cold[last].cpu / cold[first].cpu) / (last / first)
    return judge(
        {
            f"{first} links cold in under {COLD_LIMIT} s": cold[first].wall < COLD_LIMIT,
            f"{first} links unchanged in under {WARM_LIMIT} s": warm[first].wall < WARM_LIMIT,
            f"{UNCHANGED} links unchanged in under {UNCHANGED_LIMIT} s of CPU": warm[UNCHANGED].cpu < UNCHANGED_LIMIT,
            f"{last} links cold in under {MOST_SECONDS} s of CPU": cold[last].cpu < MOST_SECONDS,
            f"{last} links cold in under {MOST_MEMORY} MiB": cold[last].mebibytes < MOST_MEMORY,
            f"one model compared in under {DIFF_LIMIT} s of CPU": one.cpu < DIFF_LIMIT,
            f"a link of {last} costs {growth:.2f} of one of {first}": growth < LINEAR_SLACK,
        }
    )


def _least(costs: list[Cost]) -> Cost:
    return Cost(*(min(part) for part in zip(*costs, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
