from __future__ import annotations

RGB = {"mean": [123.7, 116.8, 103.9], "std": [58.4, 57.1, 57.4], "raw_range": [0, 255]}
ONE = {"mean": 127.5, "std": 127.5, "raw_range": [0, 255]}
CASES = [
    ("sparse float32[?, 9]", "float32[?, 9]", {"normalization": ONE}, {"range": [0, 255], "padding": {"value": 0}}),
    ("float32[?, 9]", "float32[?, 9]", {"normalization": ONE, "meaning": "logits"}, {"meaning": "probabilities"}),
    ("float32[?, 8, 3]", "float32[?, 8, 3]", {"normalization": RGB}, {"range": [0, 255]}),
    ("float64[?, 8]", "float32[?, 8]", {"normalization": ONE}, {"range": [0, 1]}),
    ("ragged float32[?, None]", "ragged float32[?, None]", {"normalization": ONE}, {"range": [0, 255]}),
    ("ragged float32[?, None, 3]", "ragged float32[?, None, 3]", {"normalization": RGB}, {"range": [0, 255]}),
    ("float32[*]", "float32[*]", {"normalization": ONE}, {"range": [0, 255]}),
]


def test_without_the_raw_range_there_is_no_way_back(propose):
    facts = [{"normalization": {"mean": 127.5, "std": 127.5}}, {"range": [0, 255]}]
    assert propose("destandardize", "float32[?]", "float32[?]", *facts) == []


def test_a_function_of_what_is_meant_takes_raw_values_of_any_range(propose):
    facts = [{"normalization": {"mean": 1, "std": 2}, "meaning": "logits"}, {"meaning": "probabilities"}]
    (step,) = propose("destandardize", "float32[?, 9]", "float32[?, 9]", *facts)
    assert (step.result.facts.normalization, step.result.facts.range) == (None, None)


def test_the_raw_range_is_known_afterwards(propose):
    (step,) = propose("destandardize", "float32[?]", "float32[?]", {"normalization": ONE}, {"range": [0, 1]})
    assert (step.result.facts.normalization, step.result.facts.range) == (None, (0, 255))


def test_raw_values_that_the_type_has_not_are_not_made(propose):
    facts = [{"normalization": {"mean": 0, "std": 1}, "range": [-1e300, 1e300]}, {"range": [0, 1]}]
    assert propose("destandardize", "float32[?]", "float32[?]", *facts) == []
