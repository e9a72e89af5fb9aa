from __future__ import annotations

import pytest

SHARES = {"meaning": "probabilities"}
CASES = [
    ("any[?, 2]", "any[?, 1]", SHARES, SHARES),
    ("float32[?, 2]", "float32[?]", SHARES, SHARES),
    ("float32[2, ?]", "float32[1, ?]", {**SHARES, "axes": ["class", "batch"]}, SHARES),
]


def test_which_class_is_an_assumption_and_the_other_is_lost(propose):
    (step,) = propose("select_class", "float32[?, 2]", "float32[?, 1]", SHARES, SHARES)
    assert (step.loss, step.cost.assumptions) == ("truncating", 1)


@pytest.mark.parametrize("meaning", ["logits", "embedding", None])
def test_columns_that_are_no_probabilities_are_not_selected(propose, meaning):
    facts = {"meaning": meaning}
    assert propose("select_class", "float32[?, 2]", "float32[?, 1]", facts, facts) == []
