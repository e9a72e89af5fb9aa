"""Entries: what a file of a catalog must be, which nothing but its place in a folder says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from mypy import api as mypy

ROOT = Path(__file__).parents[1]


class Shape(NamedTuple):
    """What the modules of a folder are: a Protocol by its home and name, or the modules of the folders in it."""

    home: str
    protocol: str
    module: str = ""
    # An entry is told in an order of its own; the second module of a folder is no entry.
    is_ordered: bool = True


SHAPES = {
    "rules/match": Shape("sigcheck.rules.views.match", "Rule"),
    "rules/upgrade": Shape("sigcheck.rules.views.upgrade", "UpgradeRule"),
    "rules/project": Shape("sigcheck.rules.views.project", "ProjectRule"),
    "rules/observation": Shape("sigcheck.rules.views.observations", "ObservationRule"),
    "rules/comparison": Shape("sigcheck.rules.views.comparison", "ComparisonRule"),
    "transforms": Shape("sigcheck.transforms.parts.transform", "Transform"),
    "junctions": Shape("sigcheck.junctions.parts.junction", "JunctionKind"),
    "reports/formats": Shape("sigcheck.reports", "Format", is_ordered=False),
    "reports/models": Shape("sigcheck.reports", "ModelFormat", is_ordered=False),
    "reports/observations": Shape("sigcheck.reports", "ObservationFormat", is_ordered=False),
    "observation/sources": Shape("sigcheck.observation.sources", "DataReader", is_ordered=False),
    "readers/live": Shape("sigcheck.readers", "LiveReader"),
    "readers": Shape("sigcheck.readers", "Format", "recognize"),
    "readers signature": Shape("sigcheck.readers", "SignatureReader", "signature", is_ordered=False),
    "readers served": Shape("sigcheck.readers", "ServedReader", "served"),
    "readers graph": Shape("sigcheck.readers", "GraphReader", "graph", is_ordered=False),
}

# What an entry of a transform, junction or rule of matches may have besides, by its name: the type that it is then of.
OPTIONAL = {
    "BY_PERMISSION": "bool",
    "BY_EXAMPLE": "bool",
    "KEEPS_AXES": "bool",
    "is_mixing": "Callable[[Step], bool]",
    "comes_after": "Callable[[Step, Step], bool]",
    "leaves_nan_open": "Callable[[Step], bool]",
    "leaves_out": "Callable[[TensorSpec, TensorSpec], bool]",
    "opened": "Callable[[TensorSpec, Step], Step | None]",
    "line_of": "Callable[[TensorSpec, Step], Line | None]",
    "stored": "Callable[[TensorSpec, Step], Stored | None]",
    "NUMPY_CALLS": "Mapping[str, NumpyCall]",
    "KERAS_CALLS": "Mapping[str, KerasCall]",
    "HAS_NUMPY": "bool",
    "HAS_KERAS": "bool",
    "OF_EVERY_MATCH": "bool",
}
HEAD = """\
from collections.abc import Callable, Mapping
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.forms import KerasCall, NumpyCall
from sigcheck.transforms.parts.line import Line
from sigcheck.transforms.parts.stored import Stored
"""

# An entry of each shape that lacks something, or takes or gives something else.
WRONG = {
    "rules/match": ("NAME = 'wrong'\nLEVEL = 'note'\ndef find(view: int, more: int) -> list[int]: return []\n"),
    "reports/formats": ("NAME = 'wrong'\ndef render_check(result: int) -> int: return result\n"),
    "transforms": ("NAME = 1\nORDER = 'first'\n"),
    "readers graph": ("def open_graphs(source: str) -> int: return 0\n"),
}


def entries(place):
    """The files of a folder that are entries, or the modules of one name in the folders of it."""
    shape, folder = SHAPES[place], ROOT / "sigcheck" / place.partition(" ")[0]
    pattern = f"*/{shape.module}.py" if shape.module else "*.py"
    formats = {path.parent.name for path in folder.glob("*/recognize.py")} if shape.module else set()
    found = sorted(path for path in folder.glob(pattern) if path.stem != "__init__")
    return [path for path in found if not shape.module or path.parent.name in formats]


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def names_in(path):
    """The names that a module defines."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {one.id for one in targets if isinstance(one, ast.Name)}
    return found


def test_every_entry_is_of_the_shape_of_its_folder(tmp_path):
    """The type checker reads one module in which each entry is said to be what its folder wants."""
    lines, expected = HEAD.splitlines(), []
    for number, (place, shape) in enumerate(SHAPES.items()):
        assert entries(place), place
        lines.append(f"from {shape.home} import {shape.protocol} as Shape{number}")
        for count, path in enumerate(entries(place)):
            name = f"entry_{number}_{count}"
            lines += [f"import {module_of(path)} as {name}", f"is_{name}: Shape{number} = {name}"]
            lines += [f"order_{name}: int = {name}.ORDER"] * shape.is_ordered
            more = OPTIONAL.keys() & names_in(path) if place in {"transforms", "junctions", "rules/match"} else ()
            lines += [f"{one}_{name}: {OPTIONAL[one]} = {name}.{one}" for one in sorted(more)]
        if place in WRONG:
            (tmp_path / f"wrong_{number}.py").write_text(WRONG[place], encoding="utf-8")
            lines += [f"import wrong_{number}", f"is_wrong_{number}: Shape{number} = wrong_{number}"]
            expected.append(len(lines))
    (tmp_path / "shapes.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    cache = ROOT / ".mypy_cache"
    options = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(cache), "--output", "json"]
    told, failure, _ = mypy.run([*options, str(tmp_path / "shapes.py")])
    assert not failure
    found = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    wrong = {one["line"]: one["message"] for one in found if one["file"].endswith("shapes.py")}
    assert sorted(wrong) == expected, "\n".join(f"{lines[at - 1]}: {wrong[at]}" for at in wrong if at not in expected)


@pytest.mark.parametrize("is_reversed", [False, True])
def test_an_entry_imports_no_other(is_reversed):
    """A run pays for what it uses only. Transforms are loaded at once: any step may be proposed."""
    places = [one for one, shape in SHAPES.items() if shape.module in {"", "recognize"} and one != "transforms"]
    modules = [module_of(path) for place in places for path in entries(place)]
    shared = [module_of(path) for place in places for path in (ROOT / "sigcheck" / place).parent.glob("*/*.py")]
    first = [one for one in shared if any(f".{part}." in one for part in ("parts", "views", "words"))]
    code = (
        "import sys, json; from importlib import import_module; given = json.loads(sys.argv[1])\n"
        "for one in given['first']: import_module(one)\n"
        "known = set(given['modules']) & sys.modules.keys(); assert not known, known\n"
        "for one in given['modules']:\n"
        "    import_module(one); new = set(given['modules']) & sys.modules.keys() - known\n"
        "    assert new == {one}, (one, new); known |= new\n"
    )
    given = {"first": sorted(set(first)), "modules": modules[:: -1 if is_reversed else 1]}
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(given)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert not done.returncode, done.stderr[-2000:]


def test_a_transform_names_no_other():
    """All are loaded at once, so that only the text tells: what they share stands in `parts`."""
    modules = {module_of(path) for path in entries("transforms")}
    parts = sorted((ROOT / "sigcheck/transforms/parts").glob("*.py"))
    named = {
        f"{path.stem}: {node.module}"
        for path in (*entries("transforms"), *parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and {node.module, *(f"{node.module}.{one.name}" for one in node.names)} & modules
    }
    assert named == set()
