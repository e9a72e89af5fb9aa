from __future__ import annotations

import pytest

CASES = [
    ("any[?, 3]", "float32[?, 3]", {"range": [0, 255]}, {"range": [0, 1]}),
    ("float32[?, 3]", "float32[?, 3]", {"range": [0, 255]}, {"range": [-1, 1]}),
    ("float64[?, 3]", "float64[?, 3]", {"range": [-1, 1]}, {"range": [0, 255]}),
    ("ragged float32[?, None]", "ragged float32[?, None]", {"range": [0, 255]}, {"range": [0, 1]}),
    ("ragged float32[?, None, None, 2]", "ragged float32[?, None, None, 2]", {"range": [1, 5]}, {"range": [0, 1]}),
    ("float32[*]", "float32[*]", {"range": [0, 255]}, {"range": [0, 1]}),
]


@pytest.mark.parametrize(("ours", "theirs"), [({}, {"range": [0, 1]}), ({"range": [0, 255]}, {})])
def test_an_unknown_range_is_never_guessed(propose, ours, theirs):
    assert propose("scale", "float32[?]", "float32[?]", ours, theirs) == []


def test_ids_are_not_scaled(propose):
    facts = [{"meaning": "token_ids", "range": [0, 255]}, {"meaning": "token_ids", "range": [0, 1]}]
    assert propose("scale", "float32[?]", "float32[?]", *facts) == []


def test_the_padding_of_the_producer_is_scaled_with_it(propose):
    (step,) = propose(
        "scale",
        "float32[?, 9]",
        "float32[?, 9]",
        {"range": [0, 255], "padding": {"value": 0}},
        {"range": [-1, 1], "padding": {"value": 0}},
    )
    assert step.result.facts.padding.value == -1
