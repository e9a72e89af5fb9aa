"""Documents of a project in which a value is another one, and all else as it was: mistakes of those who edit them.

Files that are broken byte by byte (`test_bounds`) hardly ever come further than a parser. `SIGCHECK_FUZZ=5000` tries as
many of each.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest

from sigcheck.cli import run
from sigcheck.encodings.toml_text import write_key, write_value

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FIXTURES = Path(__file__).parents[2] / "fixtures"
COUNT = int(os.environ.get("SIGCHECK_FUZZ", "").replace("full", "20000") or 200)
ODD = [
    *(None, True, 0, -1, 2, 0.5, -0.0, 1e308, float("inf"), float("nan"), "nan", 2**31, 2**63, 10**30),
    *("", "x", "\0", "?", "é", "a.b", "x - 5", "2020-01-01", "float32[?, 3]", "concat(a, b, axis=1)", "x" * 3000),
    *([], {}, [[]], [None], [1, 2, 3], ["x", 0], {"a": 1}, {"": "x"}, [[[[]]]]),
]
CHECK = ("--verify", "typed")
# Of each document the commands that read it, which are asked in turns.
ASKED = {
    "sigcheck.toml": [("lint", "--no-cache", *CHECK), ("lint", "--no-cache", "--format", "html", *CHECK)],
    "sigcheck.lock": [("lint", "--no-cache", *CHECK), ("lock", "--check"), ("diff", "lock")],
    "baseline.json": [("lint", "--no-cache", "--baseline", "baseline.json", *CHECK)],
    "adapter.certificate.json": [("verify", "adapter.py")],
    "seen.json": [("diff", "seen.json", "before.json"), ("diff", "before.json", "seen.json")],
    "facts.json": [("check", "encoder.json", "models/tagger.keras", "--facts", "facts.json", *CHECK)],
    "encoder.json": [
        ("check", "encoder.json", "models/tagger.keras", *CHECK),
        ("adapt", "models/backbone.keras", "encoder.json", *CHECK),
        ("show", "encoder.json", "--format", "html"),
    ],
}
FACTS = {
    "producer": {"output_0": {"range": [0, 255], "axes": ["batch", "feature"], "meaning": "embedding"}},
    "consumer": {"features": {"normalization": {"mean": [1.0], "std": 2.0}, "padding": {"value": 0, "side": "post"}}},
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    shutil.copytree(FIXTURES / "project", tmp_path / "project")
    shutil.copytree(FIXTURES / "rank", tmp_path / "project", dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.delenv("SIGCHECK_DEBUG", raising=False)
    Path("facts.json").write_text(json.dumps(FACTS), encoding="utf-8")
    np.savez("data.npz", x=np.arange(40.0).reshape(4, 10), words=np.array(["a", "b", "cc", "d"]))
    run(["lock", "--quiet"])
    run(["lint", "--baseline", "baseline.json", "--accept", "--quiet", *CHECK])
    run(["show", "encoder", "--facts", "-o", "encoder.json"])
    run(["adapt", "encoder", "classifier.keras", "-o", "adapter.py", *CHECK])
    capfd.readouterr()
    run(["observe", "data.npz", "--format", "json"])
    for name in ("seen.json", "before.json"):
        Path(name).write_text(capfd.readouterr().out or Path("seen.json").read_text(), encoding="utf-8")
    return Path()


def places(value: object) -> Iterator[tuple[object, object]]:
    """Each place of a document: what it is in, and its key or index there."""
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in within:
        yield value, key
        yield from places(inner)


def changed(document: object, generator: Random) -> object:
    """The document with another value at a place, without it, or with that of another place."""
    changed = [copy.deepcopy(document)]
    for _ in range(generator.choice([1, 1, 2])):
        every = list(places(changed))
        around, key = generator.choice(every)
        kind = generator.randrange(6)
        if kind == 0 and around is not changed:
            del around[key]
        elif kind == 1:
            other, there = generator.choice(every)
            around[key] = copy.deepcopy(other[there])
        elif kind == 2:
            around[key] = generator.choice([[around[key]], {"x": around[key]}])
        else:
            around[key] = copy.deepcopy(generator.choice(ODD))
    return changed[0]


def toml(document: object) -> str:
    """The text of it, as far as TOML has what is in it."""
    if not isinstance(document, dict):
        return f"x = {document!r}"
    text = "\n".join(f"{write_key(key)} = {write_value(value)}" for key, value in document.items())
    return text.replace("NaN", "nan").replace("Infinity", "inf")


@pytest.mark.parametrize("name", ASKED)
def test_a_document_with_another_value_is_read_or_told_in_lines(
    project: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    file = project / name
    text = file.read_text(encoding="utf-8")
    is_json = name.endswith(".json")
    document, generator = json.loads(text) if is_json else tomllib.loads(text), Random(name)
    for turn in range(COUNT):
        written = changed(document, generator)
        file.write_text(json.dumps(written) if is_json else toml(written), encoding="utf-8")
        command = ASKED[name][turn % len(ASKED[name])]
        code = run(command)
        err = capfd.readouterr().err
        about = f"turn {turn}, {' '.join(command)}: {file.read_text(encoding='utf-8')}"
        assert code in {0, 1, 2}, about
        assert "internal error" not in err, f"{err} {about}"
        assert max(map(len, err.splitlines()), default=0) < 2_000, about  # a line that people read
