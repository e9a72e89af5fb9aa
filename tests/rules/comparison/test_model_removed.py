from __future__ import annotations

from sigcheck.rules.comparison import model_removed
from sigcheck.rules.views.comparison import ComparisonView


def test_a_model_that_is_gone(told):
    found = told(model_removed, ComparisonView(removed_models=("a", "b")))
    assert [one.partition(" the ")[0] for one in found] == ["a: error", "b: error"]
    assert told(model_removed, ComparisonView()) == []
