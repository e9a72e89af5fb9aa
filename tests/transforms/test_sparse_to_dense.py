from __future__ import annotations

import pytest

CASES = [
    ("sparse any[?, 9]", "any[?, 9]", {}, {"padding": {"value": 1}}),
    ("sparse string[?, ?]", "string[?, ?]", {}, {"padding": {"value": "[PAD]"}}),
    ("sparse any[?, 9]", "any[?, 9]"),
    ("sparse float32[?, ?]", "float32[?, 9]"),
    ("sparse float32[?, 3, 0]", "float32[?, 3, 0]"),
    ("sparse string[4]", "string[4]"),
]


def test_what_stands_where_nothing_is_written_is_declared_or_assumed(propose):
    (assumed,) = propose("sparse_to_dense", "sparse float32[?, 9]", "float32[?, 9]")
    (declared,) = propose("sparse_to_dense", "sparse int32[?, 9]", "int32[?, 9]", {}, {"padding": {"value": 5}})
    assert (assumed.arguments, assumed.cost.meaning) == ({"value": 0}, (0, 0, 1, 0, 1, 0))
    assert (declared.arguments, declared.cost.meaning) == ({"value": 5}, (0, 0, 0, 0, 0, 0))
    assert declared.result.facts.padding.value == 5


@pytest.mark.parametrize("padding", [{"value": 5, "side": "pre"}, {"value": 0.5}, {"value": "x"}])
def test_a_filling_that_would_stand_elsewhere_or_not_fit_is_not_written(propose, padding):
    assert propose("sparse_to_dense", "sparse int32[?, 9]", "int32[?, 9]", {}, {"padding": padding}) == []


def test_a_declared_filling_is_of_the_encoding_of_the_consumer(propose):
    facts = [{"range": [0, 255]}, {"range": [-1, 1], "padding": {"value": 0}}]
    assert propose("sparse_to_dense", "sparse float32[?, 9]", "float32[?, 9]", *facts) == []
    (step,) = propose("scale", "sparse float32[?, 9]", "float32[?, 9]", *facts)
    assert str(step.result) == "sparse float32[?, 9]"
    # Without one a gap is a zero, which is converted with the values.
    assert propose("scale", "sparse float32[?, 9]", "float32[?, 9]", {"range": [0, 255]}, {"range": [-1, 1]}) == []


def test_what_is_required_sparse_stays(propose):
    assert propose("sparse_to_dense", "sparse float32[?, 9]", "sparse float32[?, 8]") == []
