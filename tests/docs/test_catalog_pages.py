"""Every entry of the catalogs has a page of its own, and a row in the list that leads to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from catalog_pages import FOLDERS, entry_pages, fill_markers, lead_to_entries, write_entries

from sigcheck.junctions import JUNCTIONS
from sigcheck.readers import CATALOG
from sigcheck.reports.parts.page import Page
from sigcheck.rules import RULES
from sigcheck.transforms import BY_NAME
from tests.docs.examples import MADE

DOCS = Path(__file__).parents[2] / "docs"
NAMES = {"rules": list(RULES), "transforms": list(BY_NAME), "junctions": [*JUNCTIONS, "share"]}


@pytest.fixture(scope="module")
def pages():
    return entry_pages()


def test_what_is_written_is_no_page_of_examples():
    assert set(MADE) == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_entry_has_a_page_and_one_row_that_leads_to_it(pages, folder):
    assert sorted(path.stem for path in pages if path.parent.name == folder) == sorted(NAMES[folder])
    text = fill_markers((DOCS / FOLDERS[folder]).read_text("utf-8"))
    rows = re.findall(rf"^\| \[(\w+)\]\({folder}/(\w+)\.md\)", text, re.MULTILINE)
    assert all(name == page for name, page in rows)
    assert sorted(name for name, _ in rows) == sorted(NAMES[folder])
    # What no contents name is no page of the site.
    assert sorted(re.findall(rf"^{folder}/(\w+)$", text, re.MULTILINE)) == sorted(NAMES[folder])


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_report_leads_to_the_page_that_the_site_makes_of_it(pages, folder):
    for name in NAMES[folder]:
        address = Page(docs="https://docs.test/").address_of(folder, name)
        assert Path(address.removeprefix("https://docs.test/")).with_suffix(".md") in pages


@pytest.mark.parametrize("name", CATALOG)
def test_every_format_has_its_row(name):
    """By the endings that messages name it with, else by what they say of it in brackets; a folder has neither."""
    accepted = CATALOG[name].ACCEPTS
    endings = [f"`{ending}`" for ending in re.findall(r"[\w]*\.\w+", accepted)]
    told = endings or re.findall(r"\((.*)\)", accepted) or [accepted.partition(" ")[2]]
    sources = re.findall(r"^\| (.*?) \|", (DOCS / "formats.md").read_text("utf-8"), re.MULTILINE)
    assert any(one in source for one in told for source in sources), f"docs/formats.md: no row says {' or '.join(told)}"


def test_a_rule_stands_with_its_level_and_its_whole_help_page(pages):
    page = pages[Path("rules", "rank_mismatch.md")]
    assert page.startswith("# rank_mismatch\n\n*warning*. The number of axes differs.\n")
    for heading in ("What it does", "Why is this bad?", "Example", "What to do"):
        assert f"\n## {heading}\n" in page
    assert "\n    x: warning[rank_mismatch]: required rank 3, provided rank 2\n" in page


def test_a_transform_that_needs_permission_says_so(pages):
    page = pages[Path("transforms", "batch_min_max.md")]
    assert "by permission" in page
    assert "step-picture" in page


def test_pages_are_written_where_they_changed_and_those_of_no_entry_are_deleted(tmp_path):
    write_entries(tmp_path)
    written = tmp_path / "rules" / "rank_mismatch.md"
    first = written.stat().st_mtime_ns
    (tmp_path / "rules" / "gone.md").write_text("# gone\n")
    changed = tmp_path / "transforms" / "cast.md"
    changed.write_text("old")
    write_entries(tmp_path)
    assert written.stat().st_mtime_ns == first
    assert not (tmp_path / "rules" / "gone.md").exists()
    assert changed.read_text().startswith("# cast\n")


def test_a_link_to_an_entry_of_a_list_leads_to_its_page():
    text = "[a](rules.md#rank_mismatch), [b](transforms.md#expand_dims), [c](rules.md#of-an-upgrade)"
    assert (
        lead_to_entries(text)
        == "[a](rules/rank_mismatch.md), [b](transforms/expand_dims.md), [c](rules.md#of-an-upgrade)"
    )
    assert lead_to_entries("[a](../rules.md#rank_mismatch)", "../") == "[a](../rules/rank_mismatch.md)"


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
