"""The sample project from its faults to a clean lint, and the change that is stopped: as docs/lint.md tells it."""

from __future__ import annotations

import shutil

import pytest

from .conftest import FIXTURES

pytestmark = pytest.mark.tensorflow


def test_the_sample_is_linted_fixed_and_protected(tmp_path, monkeypatch, sigcheck):
    shutil.copytree(FIXTURES / "project", tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    config = tmp_path / "project" / "sigcheck.toml"

    assert sigcheck("lint", "--verify", "typed")[0] == 2

    shutil.copy("fixed.toml", config)
    code, out, err = sigcheck("adapt", "--all", "--force")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "resizer -> backbone: wrote adapters/resizer_to_backbone.py",
        "calibrator -> dashboard: wrote adapters/calibrator_to_dashboard.py",
        "tokenizer -> text_encoder: wrote adapters/tokenizer_to_text_encoder.py",
    ]
    for path in (tmp_path / "project" / "adapters").glob("*.py"):
        assert "verified: executed" in path.read_text(encoding="utf-8")

    code, out, err = sigcheck("lint")
    assert (code, err) == (0, "")
    told, _, hints = out.partition("\n\n")
    assert hints.startswith("next, ")
    assert told.splitlines() == [
        "8 models, 1 of them from the lock; 6 links: 2 fits, 3 adapts, 1 guarded",
        "6 facts of 6 inputs not compared, as listed with --verbose",
        "found: 11 notes",
    ]

    shutil.copytree("change", ".", dirs_exist_ok=True)
    code, out, _ = sigcheck("lint", "--quiet")
    assert code == 1
    assert [line.partition("]:")[0] for line in out.splitlines() if "error[" in line] == [
        "sigcheck.toml:7: backbone: features: error[output_widened",
        "sigcheck.toml:57: backbone -> tagger: features: error[truncated_rows",
    ]
    code, out, _ = sigcheck("diff", "lock", "backbone")
    assert code == 1
    assert "backbone -> tagger   fits    blocked  broken" in out
