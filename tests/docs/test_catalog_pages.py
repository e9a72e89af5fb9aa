"""The pages of rules and transforms have an entry for everything in the catalogs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from catalog_pages import fill_markers

from sigcheck.readers import CATALOG
from sigcheck.rules import RULES
from sigcheck.transforms import BY_NAME

DOCS = Path(__file__).parents[2] / "docs"


def headings(page, level):
    return re.findall(rf"^{'#' * level} (.*)$", fill_markers((DOCS / page).read_text("utf-8")), re.MULTILINE)


def test_every_rule_has_its_place_once():
    assert sorted(headings("rules.md", 3)) == sorted(RULES)


def test_every_transform_has_its_place_once():
    assert headings("transforms.md", 2) == list(BY_NAME)


@pytest.mark.parametrize("name", CATALOG)
def test_every_format_has_its_row(name):
    """By the endings that messages name it with, else by what they say of it in brackets; a folder has neither."""
    accepted = CATALOG[name].ACCEPTS
    endings = [f"`{ending}`" for ending in re.findall(r"[\w]*\.\w+", accepted)]
    told = endings or re.findall(r"\((.*)\)", accepted) or [accepted.partition(" ")[2]]
    sources = re.findall(r"^\| (.*?) \|", (DOCS / "formats.md").read_text("utf-8"), re.MULTILINE)
    assert any(one in source for one in told for source in sources), f"docs/formats.md: no row says {' or '.join(told)}"


def test_a_rule_stands_with_its_level_and_its_whole_help_page():
    page = fill_markers((DOCS / "rules.md").read_text("utf-8"))
    entry = page.partition("### rank_mismatch\n")[2].partition("\n### ")[0]
    assert "*warning*. The number of axes differs." in entry
    for heading in ("What it does", "Why is this bad?", "Example", "What to do"):
        assert f"\n**{heading}**\n" in entry
    assert "\n    x: warning[rank_mismatch]: required rank 3, provided rank 2\n" in entry


def test_a_transform_that_needs_permission_says_so():
    page = fill_markers((DOCS / "transforms.md").read_text("utf-8"))
    assert "by permission" in page.partition("## batch_min_max\n")[2].partition("\n## ")[0]


def test_a_marker_of_no_catalog_is_a_mistake():
    with pytest.raises(KeyError, match="recipes"):
        fill_markers("# Page\n\n<!-- catalog: recipes -->\n")


def test_other_text_is_left_alone():
    text = (DOCS / "facts.md").read_text("utf-8")
    assert fill_markers(text) == text


def test_every_page_is_in_the_contents():
    listed = re.findall(r"^([\w/*-]+)$", (DOCS / "index.md").read_text("utf-8"), re.MULTILINE)
    pages = {page.stem for page in DOCS.glob("*.md")} - {"index"}
    assert pages <= set(listed)
