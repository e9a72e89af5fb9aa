from __future__ import annotations

RGB = {"mean": [123.7, 116.8, 103.9], "std": [58.4, 57.1, 57.4], "raw_range": [0, 255]}
ONE = {"mean": 127.5, "std": 127.5, "raw_range": [0, 255]}
CASES = [
    ("float32[?, 8, 3]", "float32[?, 8, 3]", {"normalization": RGB}, {"range": [0, 255]}),
    ("float64[?, 8]", "float32[?, 8]", {"normalization": ONE}, {"range": [0, 1]}),
    ("ragged float32[?, None]", "ragged float32[?, None]", {"normalization": ONE}, {"range": [0, 255]}),
    ("float32[*]", "float32[*]", {"normalization": ONE}, {"range": [0, 255]}),
]


def test_without_the_raw_range_there_is_no_way_back(propose):
    facts = [{"normalization": {"mean": 127.5, "std": 127.5}}, {"range": [0, 255]}]
    assert propose("destandardize", "float32[?]", "float32[?]", *facts) == []


def test_the_raw_range_is_known_afterwards(propose):
    (step,) = propose("destandardize", "float32[?]", "float32[?]", {"normalization": ONE}, {"range": [0, 1]})
    assert (step.result.facts.normalization, step.result.facts.range) == (None, (0, 255))
