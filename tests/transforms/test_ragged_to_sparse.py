from __future__ import annotations

CASES = [
    ("ragged any[?, None]", "sparse any[?, ?]"),
    ("ragged int32[3, None]", "sparse int32[3, ?]"),
]


def test_rows_of_rows_are_left_alone(propose):
    assert propose("ragged_to_sparse", "ragged int32[?, None, None]", "sparse int32[?, ?, ?]") == []


def test_it_is_exact(propose):
    (step,) = propose("ragged_to_sparse", "ragged int32[?, None]", "sparse int32[?, ?]")
    assert step.cost.meaning == (0, 0, 0, 0, 0, 0)
