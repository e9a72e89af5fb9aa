from __future__ import annotations

import pytest

CASES = [
    ("any[?, 3]", "int32[?, 3]", {"range": [0, 100]}, {"range": [5, 50]}),
    ("int8[?, 3]", "int8[?, 3]", {"range": [-128, 127]}, {"range": [-1.5, 100]}),
    ("float32[?]", "float32[?]", {"range": [0, 99], "meaning": "lengths"}, {"range": [0, 9], "meaning": "lengths"}),
    ("ragged int32[?, None]", "ragged int32[?, None]", {"range": [0, 99]}, {"range": [0, 9]}),
    ("sparse int32[?, 9]", "sparse int32[?, 9]", {"range": [0, 99]}, {"range": [0, 9]}),
]


def test_it_truncates(propose):
    (step,) = propose("clip", "int32[?]", "int32[?]", {"range": [0, 99]}, {"range": [0, 9]})
    assert (step.loss, step.result.facts.range) == ("truncating", (0, 9))


@pytest.mark.parametrize(
    ("dtype", "facts"),
    [("float32", {}), ("int32", {"meaning": "token_ids"}), ("int32", {"meaning": "class_ids"})],
)
def test_encodings_and_ids_are_not_clipped(propose, dtype, facts):
    ranges = [{**facts, "range": [0, top]} for top in (99, 9)]
    assert propose("clip", f"{dtype}[?]", f"{dtype}[?]", *ranges) == []
