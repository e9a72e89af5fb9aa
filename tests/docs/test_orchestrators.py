"""What the recipes for orchestrators call, and the one for Kedro, where it is installed, as in CI."""

from __future__ import annotations

import sys
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
