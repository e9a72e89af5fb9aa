"""The pages of the gallery run from top to bottom, and print what they say they print.

After a change that is meant: `python -m tests.docs.worked_page docs/gallery/*_*.md`, and read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.worked_page import empty_folder, run_page

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
INDEX = GALLERY / "index.md"
PAGES = sorted(page for page in GALLERY.glob("*.md") if page != INDEX)


@pytest.mark.tensorflow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_is_printed(page):
    with empty_folder():
        assert run_page(page) == page.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_tells_today_the_answer_and_the_cure(page):
    headings = re.findall(r"^## (.*)$", page.read_text("utf-8"), re.MULTILINE)
    assert headings[0] in {f"What {who} {tells}" for who in ("TensorFlow", "Keras") for tells in ("says", "does")}
    assert headings[1] == "What sigcheck says"
    assert headings[2] in {"The adapter", "The cure"}


def test_the_index_names_every_page_by_its_title():
    listed = re.findall(r"^\| \[(.*)\]\((\w+)\.md\)", INDEX.read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(
        (page.read_text("utf-8").split("\n", 1)[0].removeprefix("# "), page.stem) for page in PAGES
    )
    toctree = INDEX.read_text("utf-8").partition(":hidden:\n\n")[2].split("```")[0].split()
    assert toctree == [stem for _, stem in listed]


def test_a_page_that_prints_something_else_is_told(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nprint(1)\n1 / 0\n```\n\n```text\n2\n```\n")
    assert run_page(page) == "```python\nprint(1)\n1 / 0\n```\n\n```text\n1\nZeroDivisionError: division by zero\n```\n"


def test_an_error_that_the_page_does_not_show_is_one(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\n1 / 0\n```\n")
    with pytest.raises(ZeroDivisionError):
        run_page(page)


def test_each_report_of_models_is_fused_by_one_command_of_its_page():
    """Which proves the adapters by running them; those before it are checks, that write nothing."""
    table = INDEX.read_text("utf-8").partition("## Fifteen reports")[2].split("```")[0]
    pages = re.findall(r"^\| (.*) \| \[.*\]\((\w+)\.md\) \|", table, re.MULTILINE)
    assert len(pages) == 15
    for _, stem in pages[:-1]:
        text = (GALLERY / f"{stem}.md").read_text("utf-8")
        commands = re.findall(r"^\$ sigcheck (\w+)(.*)$", text, re.MULTILINE)
        fused = next(at for at, (name, _) in enumerate(commands) if name == "fuse")
        assert {name for name, _ in commands[:fused]} <= {"check"}, stem
        assert "--verify" not in commands[fused][1], stem
