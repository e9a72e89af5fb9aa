"""The notebook runs from top to bottom in a kernel of its own, and shows what it says it shows."""

from __future__ import annotations

import html
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The cells of code, with their outputs."""
    import nbclient
    import nbformat

    notebook = nbformat.read(ROOT / "docs" / "notebooks" / "two_models.ipynb", as_version=4)
    folder = tmp_path_factory.mktemp("notebook")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3"}
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _printed(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stdout")


@pytest.mark.tensorflow
def test_every_step_gives_its_answer(executed):
    assert [_printed(cell) for cell in executed[1:2] + executed[4:6]] == [
        "voltages: float32[?, 8] -> pressure: float32[?, 16]\nreadings: float16[?, 16] -> rain: float16[?]\n",
        "adapts\n['lossy_cast', 'overflow_risk']\n('value range of readings: not declared',)\n",
        "adapts ['scale(from=[30000, 110000], to=[0, 1])', 'cast(dtype=float16)'] ()\n",
    ]
    assert "verified: executed, " in _printed(executed[6])
    assert _printed(executed[7]) == "[0.5 0.5]\n"
    assert _printed(executed[8]).startswith("executed ")
    assert _printed(executed[8]).endswith(" cases; 0 failures\n")


@pytest.mark.tensorflow
def test_a_report_shows_itself_as_a_page(executed):
    (shown,) = [output for output in executed[3].outputs if output.output_type == "execute_result"]
    frame = shown.data["text/html"]
    assert frame.startswith("<iframe srcdoc=")
    page = html.unescape(frame)
    assert "overflow_risk" in page
    assert "adapts" in page
    assert len(frame) < 300_000


@pytest.mark.tensorflow
def test_a_model_shows_itself_as_a_table(executed):
    (shown,) = [output for output in executed[2].outputs if output.output_type == "execute_result"]
    page = html.unescape(shown.data["text/html"])
    assert "float16[?, 16]" in page
    assert "rain" in page


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path):
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert path.stat().st_size < 20_000
