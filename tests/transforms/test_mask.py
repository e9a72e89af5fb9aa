from __future__ import annotations

MASK = {"meaning": "mask"}
CASES = [
    ("any[?, 6]", "bool[?, 6]", {"padding": {"value": 0}}, MASK),
    *[("int32[?, 6]", f"{to}[?, 6]", {"padding": {"value": 0}}, MASK) for to in ("int32", "float32", "bfloat16")],
    ("string[?, ?]", "int64[?, ?]", {"padding": {"value": ""}}, MASK),
    ("ragged string[?, None]", "int32[?, 6]", {}, MASK),
    ("ragged int32[?, None]", "bool[?, ?]", {}, MASK),
]


def test_the_values_are_gone(propose):
    (step,) = propose("mask", "ragged int32[?, None]", "int64[?, 5]", {}, MASK)
    assert step.loss == "irreversible"


def test_without_a_declared_padding_there_is_no_mask(propose):
    assert propose("mask", "int32[?, 6]", "int32[?, 6]", {}, MASK) == []
