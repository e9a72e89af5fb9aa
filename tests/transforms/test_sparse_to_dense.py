from __future__ import annotations

CASES = [
    ("sparse any[?, 9]", "any[?, 9]"),
    ("sparse float32[?, ?]", "float32[?, 9]"),
    ("sparse float32[?, 3, 0]", "float32[?, 3, 0]"),
    ("sparse string[4]", "string[4]"),
]


def test_it_is_exact(propose):
    (step,) = propose("sparse_to_dense", "sparse float32[?, 9]", "float32[?, 9]")
    assert step.cost.meaning == (0, 0, 0, 0, 0)


def test_what_is_required_sparse_stays(propose):
    assert propose("sparse_to_dense", "sparse float32[?, 9]", "sparse float32[?, 8]") == []
