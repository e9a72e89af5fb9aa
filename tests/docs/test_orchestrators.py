"""What the recipes for orchestrators call, and the recipes themselves, each where its orchestrator is installed.

Kedro is, in CI. Airflow and ZenML take a hundred packages each, of versions that the rest of the tests does not have:
they are run in an environment of their own, whose Python SIGCHECK_AIRFLOW or SIGCHECK_ZENML names:

    python -m venv build/airflow && build/airflow/bin/pip install -e . 'apache-airflow>=3'
    SIGCHECK_AIRFLOW=build/airflow/bin/python python -m pytest tests/docs/test_orchestrators.py
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.examples import blocks
from tests.docs.test_pages import ROOT

PAGE = ROOT / "docs" / "orchestrators.md"
RANK = {"encoder": "fixtures/rank/encoder", "classifier": "fixtures/rank/classifier.keras"}


@pytest.fixture
def gate(monkeypatch):
    """The module that the page begins with, as recipes import it."""
    module = ModuleType("gate")
    exec(blocks(PAGE, "python")[0], module.__dict__)
    monkeypatch.setitem(sys.modules, "gate", module)
    return module


def recipe(package):
    (block,) = [one for one in blocks(PAGE, "py") if f"from {package}" in one]
    return block


def test_what_does_not_fit_fails_the_task_with_its_report(gate, tmp_path):
    (tmp_path / "a.toml").write_text('outputs.x = "float32[?, 16]"')
    (tmp_path / "b.toml").write_text('inputs.x = "int32[?, 16]"')
    with pytest.raises(RuntimeError, match=r"cannot feed (?s:.)*blocked: "):
        gate.require_fit(str(tmp_path / "a.toml"), str(tmp_path / "b.toml"))


def test_kedro_runs_it_as_a_node(gate, tmp_path):
    pytest.importorskip("kedro", reason="Kedro is not installed")
    from kedro.io import DataCatalog, MemoryDataset
    from kedro.runner import SequentialRunner

    scope = {}
    exec(recipe("kedro"), scope)

    def run(classifier):
        paths = {"encoder": RANK["encoder"], "classifier": classifier}
        catalog = DataCatalog({f"params:{name}": MemoryDataset(path) for name, path in paths.items()})
        return SequentialRunner().run(scope["fit"], catalog)

    assert run(RANK["classifier"])["verdict"].load() == "adapts"
    other = tmp_path / "other.toml"
    other.write_text('inputs.x = "int32[?, 10]"')
    with pytest.raises(RuntimeError, match="cannot feed"):
        run(str(other))


def python_with(package, variable):
    """The Python that has the package: the one that is named, or this one. Skips the test where neither has it."""
    named = os.environ.get(variable)
    if named:
        return Path(named).absolute()
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed here, and {variable} names no Python that has it")
    return sys.executable


@pytest.fixture
def as_file(tmp_path):
    """Writes the recipe into a file beside its gate, for these two models, and gives the folder."""

    def write(package, encoder, classifier):
        folder = tmp_path / "recipes"
        folder.mkdir(exist_ok=True)
        (folder / "gate.py").write_text(blocks(PAGE, "python")[0])
        text = recipe(package)
        for name, path in (("encoder", encoder), ("classifier", classifier)):
            assert RANK[name] in text
            text = text.replace(RANK[name], str(path))
        (folder / "serving.py").write_text(text)
        return folder

    return write


@pytest.fixture
def unfit(tmp_path):
    path = tmp_path / "unfit.toml"
    path.write_text('inputs.x = "int32[?, 10]"')
    return path


def ran(*command, cwd=ROOT, **variables):
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **variables}
    return subprocess.run(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False
    )


def test_airflow_runs_it_as_a_task(as_file, unfit, tmp_path):
    python = python_with("airflow", "SIGCHECK_AIRFLOW")
    settings = {
        "AIRFLOW_HOME": str(tmp_path / "home"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "recipes"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }

    def run(classifier):
        as_file("airflow", ROOT / RANK["encoder"], classifier)
        return ran(python, "-m", "airflow", "dags", "test", "serving", cwd=tmp_path, **settings)

    migrated = ran(python, "-m", "airflow", "db", "migrate", **settings)
    assert migrated.returncode == 0, migrated.stdout
    done = run(ROOT / RANK["classifier"])
    assert done.returncode == 0, done.stdout
    assert "Returned value was: adapts" in done.stdout
    failed = run(unfit)
    assert failed.returncode == 1, failed.stdout
    assert f"cannot feed {unfit}" in failed.stdout
    assert "blocked: " in failed.stdout


def test_zenml_runs_it_as_a_step(as_file, unfit, tmp_path):
    python = python_with("zenml", "SIGCHECK_ZENML")
    settings = {
        "ZENML_CONFIG_PATH": str(tmp_path / "home"),
        "ZENML_LOCAL_STORES_PATH": str(tmp_path / "stores"),
        "ZENML_ANALYTICS_OPT_IN": "false",
    }

    def run(classifier):
        folder = as_file("zenml", ROOT / RANK["encoder"], classifier)
        return ran(python, folder / "serving.py", cwd=tmp_path, **settings)

    done = run(ROOT / RANK["classifier"])
    assert done.returncode == 0, done.stdout
    assert "require_fit has finished" in re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    failed = run(unfit)
    assert failed.returncode == 1, failed.stdout
    assert f"cannot feed {unfit}" in failed.stdout
