from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.tensor_spec import TensorSpec


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


@pytest.mark.parametrize(
    ("dtype", "facts", "message"),
    [
        ("uint8", {"range": (-1, 1)}, "does not fit in uint8"),
        ("string", {"range": (0, 1)}, "needs a real numeric dtype"),
        ("uint8", {"axes": ("a",)}, "axes names 1 axes"),
        ("uint8", {"quantization": {"scale": [1, 2], "zero_point": [0, 0], "axis": 2}}, "outside the rank"),
        ("uint8", {"quantization": {"scale": [1, 2], "zero_point": [0, 0], "axis": -3}}, "outside the rank"),
        (
            "uint8",
            {"quantization": {"scale": [1, 2], "zero_point": [0, 0], "axis": 1}},
            "2 scales, its axis 1 has size 3",
        ),
        *[
            (dtype, {"quantization": {"scale": 0.5, "zero_point": 0}}, f"is one of whole numbers, not of {dtype}")
            for dtype in ("float32", "bfloat16", "bool", "string", "complex64")
        ],
        # Stored units, which people take for real ones.
        (
            "uint8",
            {"quantization": {"scale": 1 / 255, "zero_point": 0}, "range": (0, 255)},
            r"range \[0, 255\] is of real values, and this quantization of uint8 stands for \[0, 1\]",
        ),
    ],
)
def test_facts_that_contradict_the_spec_are_refused(dtype, facts, message):
    with pytest.raises(ValueError, match=message):
        TensorSpec(dtype=dtype, shape=(2, 3), facts=Facts.model_validate(facts))


def test_a_calibration_that_stops_short_of_the_range_is_no_contradiction():
    numbers = Facts.model_validate({"quantization": {"scale": 0.98 / 255, "zero_point": -128}, "range": (0, 1)})
    assert TensorSpec(dtype="int8", shape=(None,), facts=numbers).facts.range == (0, 1)


def test_the_whole_range_of_the_widest_integers_can_be_declared():
    spec = TensorSpec(dtype="uint64", shape=(), facts=Facts(range=(0, 2**64 - 1)))
    assert spec.facts.range == (0.0, 2.0**64)


@pytest.mark.parametrize(("axis", "counted"), [(-1, 2), (-2, 1), (2, 2)])
def test_a_quantized_axis_is_counted_from_the_front_where_the_rank_is_known(axis, counted):
    facts = Facts.model_validate({"quantization": {"scale": [1, 2, 3], "zero_point": [0, 0, 0], "axis": axis}})
    assert parse_spec("int8[?, 3, 3]").replace(facts=facts).facts.quantization.axis == counted
    assert parse_spec("int8[*]").replace(facts=facts).facts.quantization.axis == axis


def test_a_range_beside_a_normalization_is_of_raw_values():
    """Mean and std without a raw range have that range; the stored numbers need not reach it."""
    facts = {"quantization": {"scale": 0.02, "zero_point": 0}, "normalization": {"mean": 127.5, "std": 127.5}}
    spec = parse_spec("int8[?]").replace(facts=Facts.model_validate({**facts, "range": [0, 255]}))
    assert spec.facts.range == (0, 255)
