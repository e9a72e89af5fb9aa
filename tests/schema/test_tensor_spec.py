from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.tensor_spec import TensorSpec, is_subshape


@pytest.mark.parametrize(
    ("spec", "other"),
    [
        ("float32[8, 3]", "float32[?, 3]"),
        ("float32[8, 3]", "float32[*]"),
        ("float32[*]", "float32[*]"),
        ("sparse int8[3]", "sparse int8[?]"),
        ("ragged int8[3, None]", "ragged int8[?, None]"),
    ],
)
def test_a_known_size_is_a_subtype_of_an_unknown_one_and_not_the_other_way_round(spec, other):
    assert parse_spec(spec).is_subtype_of(parse_spec(other))
    assert spec == other or not parse_spec(other).is_subtype_of(parse_spec(spec))


@pytest.mark.parametrize(
    ("spec", "other"),
    [
        ("float32[3]", "float64[3]"),
        ("float32[3]", "sparse float32[3]"),
        ("ragged int8[?, None, None]", "ragged int8[?, None, ?]"),
        ("unknown[3]", "unknown[3]"),
        ("float32[3, 1]", "float32[3]"),
    ],
)
def test_no_subtypes(spec, other):
    assert not parse_spec(spec).is_subtype_of(parse_spec(other))


def test_a_scalar_is_not_of_unknown_rank():
    assert is_subshape((), None)
    assert not is_subshape(None, ())


@pytest.mark.parametrize(
    ("dtype", "facts", "message"),
    [
        ("uint8", {"range": (-1, 1)}, "does not fit in uint8"),
        ("string", {"range": (0, 1)}, "needs a real numeric dtype"),
        ("uint8", {"axes": ("a",)}, "axes names 1 axes"),
        ("uint8", {"quantization": {"scale": [1, 1], "zero_point": [0, 0], "axis": 2}}, "outside the rank"),
    ],
)
def test_facts_that_contradict_the_spec_are_refused(dtype, facts, message):
    with pytest.raises(ValueError, match=message):
        TensorSpec(dtype=dtype, shape=(2, 3), facts=Facts.model_validate(facts))


def test_the_whole_range_of_the_widest_integers_can_be_declared():
    spec = TensorSpec(dtype="uint64", shape=(), facts=Facts(range=(0, 2**64 - 1)))
    assert spec.facts.range == (0.0, 2.0**64)
