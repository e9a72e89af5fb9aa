from __future__ import annotations

CASES = [
    ("any[?, 9]", "sparse any[?, 9]"),
    ("float32[?, ?]", "sparse float32[?, ?]"),
    ("float32[3]", "sparse float32[3]"),
]


def test_it_is_exact(propose):
    (step,) = propose("dense_to_sparse", "float32[?, 9]", "sparse float32[?, 9]")
    assert step.cost.meaning == (0, 0, 0, 0, 0, 0)


def test_rows_that_are_filled_with_what_would_be_written_are_freed_of_it_first(propose):
    rows = {"padding": {"value": 5}}
    assert propose("dense_to_sparse", "int32[?, 9]", "sparse int32[?, 9]", rows) == []
    (step,) = propose("dense_to_ragged", "int32[?, 9]", "sparse int32[?, ?]", rows)
    assert str(step.result) == "ragged int32[?, None]"
    assert propose("dense_to_ragged", "int32[?, 9]", "sparse int32[?, ?]", {"padding": {"value": 0}}) == []


def test_values_are_converted_first(propose):
    facts = [{"range": [0, 255]}, {"range": [-1, 1]}]
    assert propose("dense_to_sparse", "float32[?, 9]", "sparse float32[?, 9]", *facts) == []
