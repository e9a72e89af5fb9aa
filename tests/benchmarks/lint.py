"""`sigcheck lint` of 200 models and 300 links, half of which need a plan; and of up to 5,000 links.

    python tests/benchmarks/lint.py

Wall time of whole processes, verification off, so that TensorFlow is not needed: cold, with an
empty cache; and once more, when nothing changed. How it grows is told in CPU seconds, which
what else the machine does changes less.
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

from measure import ROOT, SIGCHECK, judge, say

# The demands, in seconds of wall time.
COLD_LIMIT, WARM_LIMIT = 3.0, 1.0
# A project of ten times the links may take this much more than ten times the time.
LINEAR_SLACK = 1.3
SIZES = (300, 1_500, 5_000)
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
    """Wall and CPU seconds of one process."""

    wall: float
    cpu: float


def lint(project: Path, cache: Path) -> Cost:
    """The cost of one lint. Raises RuntimeError where it could not check everything."""
    start = time.perf_counter()
    with subprocess.Popen(
        [*SIGCHECK, "lint", "--verify", "typed", "--quiet"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as child:
        error = child.stderr.read() if child.stderr is not None else b""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"exit code {child.returncode}: {error.decode(errors='replace')[-500:]}")
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)


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
                say(f"{size} links, {name}: {cost.wall:.2f} s, of it CPU {cost.cpu:.2f} s")
    first, last = SIZES[0], SIZES[-1]
    growth = (cold[last].cpu / cold[first].cpu) / (last / first)
    return judge(
        {
            f"{first} links cold in under {COLD_LIMIT} s": cold[first].wall < COLD_LIMIT,
            f"{first} links unchanged in under {WARM_LIMIT} s": warm[first].wall < WARM_LIMIT,
            f"a link of {last} costs {growth:.2f} of one of {first}": growth < LINEAR_SLACK,
        }
    )


def _least(costs: list[Cost]) -> Cost:
    return Cost(min(one.wall for one in costs), min(one.cpu for one in costs))


if __name__ == "__main__":
    sys.exit(main())
