"""The page on a new transform, followed to the letter in a copy of the repository."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.examples import blocks

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "new-transform.md"
NAME = "add_alpha"


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The parts of the repository that the page touches or runs, with what the page says done to them."""
    clone = tmp_path_factory.mktemp("clone")
    unwanted = shutil.ignore_patterns("__pycache__")
    for part in ("sigcheck", "tests/transforms", "tests/laws", "tests/browser", "docs/_ext"):
        shutil.copytree(ROOT / part, clone / part, ignore=unwanted)
    for part in ("pyproject.toml", "tests/conftest.py", "tests/copied.py"):
        shutil.copy(ROOT / part, clone / part)
    for block in blocks(PAGE, "python"):
        path = block.split("\n", 1)[0].removeprefix("# ")
        assert not (clone / path).exists(), f"{path} is there already: the page needs another example"
        (clone / path).write_text(block.split("\n", 1)[1], "utf-8")
    return clone


def run(clone, command):
    program, *arguments = command.split()
    assert program == "python"
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=clone,
        env={"PYTHONPATH": str(clone), "PATH": "", "HOME": str(clone), "TF_CPP_MIN_LOG_LEVEL": "3", "COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.tensorflow
def test_the_tests_that_the_page_runs_pass(clone):
    tests, _ = blocks(PAGE, "sh")
    done = run(clone, f"{tests.strip()} -n 0 -p no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr
    passed = int(re.search(r"(\d+) passed", done.stdout)[1])
    own = sum(block.count("\ndef test_") for block in blocks(PAGE, "python"))
    assert passed > own


def test_the_help_page_is_printed(clone):
    _, explain = blocks(PAGE, "sh")
    done = run(clone, explain.strip())
    assert done.stdout.startswith(f"{NAME} (transform)\n\nAdd alpha: "), done.stderr


def test_it_has_a_place_and_a_picture_on_the_site(clone):
    write = "import sys; sys.path.insert(0, 'docs/_ext'); import catalog_pages, pathlib; "
    write += f"print(catalog_pages.entry_pages()[pathlib.Path('transforms', '{NAME}.md')])"
    done = subprocess.run(
        [sys.executable, "-c", write],
        cwd=clone,
        env={"PYTHONPATH": str(clone), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(f"# {NAME}\n"), done.stderr
    assert "<svg" in done.stdout
    assert "add_alpha(axis=2, value=255)" in done.stdout


def test_the_page_keeps_the_style_of_the_project(clone):
    for block in blocks(PAGE, "python"):
        path = block.split("\n", 1)[0].removeprefix("# ")
        for command in (["check"], ["format", "--check"]):
            done = subprocess.run(
                [sys.executable, "-m", "ruff", *command, "--no-cache", path],
                cwd=clone,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout
