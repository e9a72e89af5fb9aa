"""Every command and every Python block of the README and of docs/ runs, and prints what the page says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from sigcheck.cli import run
from tests.docs.examples import all_blocks, blocks, commands, is_story, pages

ROOT = Path(__file__).parents[2]
PAGES = pages(ROOT)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
SINGLE = [page for page in PAGES if not is_story(page)]
SINGLE_NAMES = [str(page.relative_to(ROOT)) for page in SINGLE]
pytestmark = pytest.mark.tensorflow


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A copy of what examples read, so that what they write stays out of the repository."""
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.mark.parametrize("page", SINGLE, ids=SINGLE_NAMES)
def test_commands_print_what_the_page_says(page, workplace, capsys):
    for language, block in all_blocks(page):
        if language == "toml" and block.startswith("# fixtures/"):
            # A file that the next command reads.
            Path(block.split("\n", 1)[0].removeprefix("# ")).write_text(block, "utf-8")
        for command in commands(block) if language == "console" else ():
            program, *arguments = shlex.split(command.text)
            assert program == "sigcheck", f"{page.name}: {command.text} cannot be run by this test"
            run(arguments)
            printed = "".join(capsys.readouterr())
            assert printed.rstrip() == command.expected.rstrip(), command.text


@pytest.mark.parametrize("page", SINGLE, ids=SINGLE_NAMES)
def test_python_blocks_run(page, workplace):
    scope: dict[str, object] = {"__name__": "example"}
    for block in blocks(page, "python"):
        exec(compile(block, str(page), "exec"), scope)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```$|`[^`\n]+`", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_readme_has_examples():
    commands_run = [command for block in blocks(ROOT / "README.md", "console") for command in commands(block)]
    assert len(commands_run) >= 4
    assert blocks(ROOT / "README.md", "python")


def test_set_up_commands_name_what_ci_runs():
    first, second = blocks(ROOT / "README.md", "sh")[:2]
    assert "sigcheck check fixtures/" in first
    assert "python -m pytest" in second
    assert second.split("&&")[1].strip() in (ROOT / ".ci" / "run").read_text("utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
