from __future__ import annotations

import pytest

CASES = [
    *[("any[?, 3]", f"{to}[?, 3]") for to in ("float32", "float16", "bfloat16", "int32", "uint8", "uint64", "bool")],
    ("any[?, 3]", "complex64[?, 3]"),
    ("any[?, 3]", "float8_e5m2[?, 3]"),
    ("int64[?]", "int32[?]", {"range": [0, 100]}),
    ("int64[*]", "int32[*]"),
    ("ragged int64[?, None]", "ragged int32[?, None]"),
    ("ragged float64[?, None, None, 2]", "ragged float32[?, None, None, 2]"),
    ("sparse int64[?, 9]", "sparse int32[?, 9]"),
    ("uint64[?]", "int64[?]"),
    ("float16[?]", "bfloat16[?]"),
]


@pytest.mark.parametrize(
    ("provided", "required", "loss", "is_guarded"),
    [
        ("uint8[?]", "float32[?]", "exact", False),
        ("uint8[?]", "float16[?]", "exact", False),
        ("uint16[?]", "float16[?]", "truncating", False),
        ("int64[?]", "float32[?]", "rounding", False),
        ("float64[?]", "float32[?]", "rounding", False),
        ("float16[?]", "bfloat16[?]", "rounding", False),
        ("float32[?]", "int32[?]", "truncating", False),
        ("complex64[?]", "float32[?]", "truncating", False),
        ("int64[?]", "int32[?]", "exact", True),
        ("int32[?]", "uint32[?]", "exact", True),
        ("uint8[?]", "int16[?]", "exact", False),
        ("bool[?]", "int32[?]", "exact", False),
    ],
)
def test_the_loss_follows_from_the_limits_of_the_types(propose, provided, required, loss, is_guarded):
    (step,) = propose("cast", provided, required)
    assert (step.loss, step.guard is not None, step.cost.guards) == (loss, is_guarded, int(is_guarded))


@pytest.mark.parametrize("facts", [{"range": [0, 255]}, {"id_count": 1000}, {"meaning": "token_ids", "range": [0, 99]}])
def test_what_is_known_of_the_values_saves_the_guard(propose, facts):
    (step,) = propose("cast", "int64[?]", "int32[?]", facts)
    assert step.guard is None


def test_values_are_converted_before_they_are_narrowed(propose):
    assert propose("cast", "float32[?]", "float16[?]", {"range": [0, 255]}, {"range": [0, 1]}) == []
    (step,) = propose("cast", "uint8[?]", "float16[?]", {"range": [0, 255]}, {"range": [0, 1]})
    assert step.arguments == {"dtype": "float32"}


@pytest.mark.parametrize(
    "pair",
    [("string[?]", "int32[?]"), ("int32[?]", "string[?]"), ("qint8[?]", "float32[?]"), ("int8[?]", "int4[?]")],
)
def test_what_tensorflow_cannot_cast_is_not_cast(propose, pair):
    assert propose("cast", *pair) == []


def test_the_padding_is_cast_with_the_values_and_forgotten_where_it_does_not_fit(propose):
    (kept,) = propose("cast", "int64[?, 9]", "int32[?, 9]", {"padding": {"value": 0}})
    (lost,) = propose("cast", "int64[?, 9]", "int8[?, 9]", {"padding": {"value": 1000}})
    assert (kept.result.facts.padding.value, lost.result.facts.padding) == (0, None)
