from __future__ import annotations

from sigcheck.transforms import BY_NAME

CASES = [
    ("any[?, 3]", "float32[?, 3]", {}, {"range": [0, 1]}),
    ("float64[?, 3]", "float64[?, 3]", {}, {"range": [-2, 255]}),
]


def test_it_is_by_permission_and_an_assumption(propose):
    assert BY_NAME["batch_min_max"].BY_PERMISSION
    (step,) = propose("batch_min_max", "float32[?, 3]", "float32[?, 3]", {}, {"range": [0, 1]})
    assert (step.loss, step.cost.assumptions) == ("rounding", 1)


def test_a_known_range_is_scaled_instead(propose):
    assert propose("batch_min_max", "float32[?]", "float32[?]", {"range": [0, 9]}, {"range": [0, 1]}) == []
