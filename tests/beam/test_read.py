"""`show` on Apache Beam gives the bytes of `show` here."""

from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.cli import run
from tests.beam.runners import RUNNERS


@pytest.fixture
def models(tmp_path, monkeypatch):
    """More models than one worker takes at a time, one of which cannot be read."""
    monkeypatch.chdir(tmp_path)
    Path("models").mkdir()
    for at in range(60):
        Path(f"models/m{at}.toml").write_text(f'[inputs]\nx = "float32[?, {at}]"\n')
    Path("models/broken.toml").write_text('[inputs]\nx = "float32[?, "\n')
    return [str(path) for path in sorted(Path("models").iterdir())]


def told(capsys, *words):
    code = run(["show", *words])
    return code, *capsys.readouterr()


@pytest.mark.parametrize("runner", ["direct", "two processes"])
def test_the_bytes_are_those_of_the_local_run(models, capsys, runner):
    words = [*models, "--format", "json", "--facts"]
    here = told(capsys, *words)
    assert here[0] == 2
    assert "broken.toml" in here[2]
    assert told(capsys, *words, "--engine", "beam", "--", *RUNNERS[runner]) == here


def test_options_of_a_pipeline_without_one_are_one_line(models, capsys):
    code, out, err = told(capsys, models[0], "--", "--runner=DirectRunner")
    assert (code, out) == (2, "")
    assert err == (
        "sigcheck: --runner=DirectRunner: an option of a pipeline, and --engine local has none. Say --engine beam.\n"
    )
