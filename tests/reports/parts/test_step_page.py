from __future__ import annotations

import pytest

from sigcheck.junctions import JUNCTIONS
from sigcheck.reports.parts.step_page import step_page
from sigcheck.transforms import BY_NAME


@pytest.mark.parametrize("name", [*BY_NAME, *JUNCTIONS, "share"])
def test_every_step_has_a_page_that_begins_with_its_summary(name):
    page = step_page(name)
    assert page.kind == ("transforms" if name in BY_NAME else "junctions")
    assert page.summary
    assert page.text.startswith(f"{page.summary}\n")


def test_what_no_catalog_has_has_none():
    assert step_page("assert_sizes") is None
    assert step_page("") is None
