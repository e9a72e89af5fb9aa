from __future__ import annotations

from sigcheck.rules.comparison import link_removed
from sigcheck.rules.views.comparison import ComparisonView


def test_a_link_that_is_gone(told):
    found = told(link_removed, ComparisonView(removed_links=("a", "b")))
    assert [one.partition(" the ")[0] for one in found] == ["a: error", "b: error"]
    assert told(link_removed, ComparisonView()) == []
