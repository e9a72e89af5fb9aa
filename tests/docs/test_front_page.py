"""The front page says how to install, and shows a picture that sigcheck draws."""

from __future__ import annotations

import shutil
from pathlib import Path

from sigcheck.cli import run
from tests.docs.examples import blocks

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_it_installs_as_the_readme_does():
    (line,) = blocks(DOCS / "index.md", "sh")
    assert line == blocks(ROOT / "README.md", "sh")[0]


def test_its_picture_is_that_of_a_lint(tmp_path):
    """Made again with: sigcheck lint --config fixtures/project/fixed.toml --output svg=docs/_static/project.svg."""
    shutil.copytree(ROOT / "fixtures" / "project", tmp_path / "project")
    drawn = tmp_path / "drawn.svg"
    run(["lint", "--config", str(tmp_path / "project" / "fixed.toml"), "--verify", "typed", "--output", f"svg={drawn}"])
    assert drawn.read_text("utf-8") == (DOCS / "_static" / "project.svg").read_text("utf-8")
    assert "](_static/project.svg)" in (DOCS / "index.md").read_text("utf-8")
