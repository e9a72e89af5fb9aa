from __future__ import annotations

LENGTHS = {"meaning": "lengths"}
CASES = [
    ("ragged any[?, None]", "int64[?]", {}, LENGTHS),
    ("ragged int32[?, None, None, 2]", "int32[?]", {}, LENGTHS),
    ("any[?, 6]", "int32[?]", {"padding": {"value": 0}}, LENGTHS),
    ("string[?, ?]", "int64[?]", {"padding": {"value": "a"}}, LENGTHS),
]


def test_the_values_are_gone(propose):
    (step,) = propose("lengths", "ragged int32[?, None]", "int64[?]", {}, LENGTHS)
    assert step.loss == "irreversible"


def test_without_a_declared_padding_nothing_is_counted(propose):
    assert propose("lengths", "int32[?, 6]", "int32[?]", {}, LENGTHS) == []
    assert propose("lengths", "ragged int32[?, None]", "int64[?]") == []


def test_rows_are_not_counted_where_the_consumer_has_their_axis(propose):
    shapes, gives = ("ragged string[?, None]", "int64[?]"), {"axes": ["batch", "token"]}
    assert propose("lengths", *shapes, gives, {"meaning": "lengths", "axes": ["batch"]})
    assert propose("lengths", *shapes, gives, {"meaning": "lengths", "axes": ["token"]}) == []
