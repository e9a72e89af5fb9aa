from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms.pad import propose_filled
from sigcheck.transforms.parts.padding import Filling

CASES = [
    ("any[?, 5]", "any[?, 8]"),
    ("any[?, 5]", "any[?, 8]", {}, {"padding": {"value": 1, "side": "pre"}}),
    ("float32[?, ?]", "float32[?, 8]"),
    ("int32[?, ?, 4]", "int32[?, 8, 6]", {}, {"padding": {"value": 0, "side": "pre"}}),
    ("string[?, 5]", "string[?, 8]", {}, {"padding": {"value": "[PAD]"}}),
    ("bfloat16[?, 5]", "bfloat16[?, 8]", {}, {"padding": {"value": 0.5}}),
    ("bool[?, 5]", "bool[?, 8]", {}, {"padding": {"value": True}}),
    ("float32[?, 0]", "float32[?, 3]"),
]


def test_declared_padding_is_no_assumption(propose):
    (assumed,) = propose("pad", "int32[?, 100]", "int32[?, 128]")
    (declared,) = propose("pad", "int32[?, 100]", "int32[?, 128]", {}, {"padding": {"value": 0}})
    assert (assumed.cost.assumptions, declared.cost.assumptions, declared.assumption) == (1, 0, None)


def test_rows_that_are_filled_already_are_filled_alike(propose):
    (step,) = propose("pad", "int32[?, 5]", "int32[?, 8]", {"padding": {"value": 7, "side": "pre"}})
    assert (step.arguments["value"], step.arguments["side"], step.assumption) == (7, "pre", None)


def test_without_a_filling_stored_numbers_are_filled_with_their_zero(propose):
    (step,) = propose("pad", "int8[?, 5]", "int8[?, 8]", {"quantization": {"scale": 0.1, "zero_point": -128}})
    assert step.arguments["value"] == -128
    declared = {"padding": {"value": 3}}
    (step,) = propose("pad", "int8[?, 5]", "int8[?, 8]", {"quantization": {"scale": 1, "zero_point": 9}}, declared)
    assert step.arguments["value"] == 3


def test_entries_that_nobody_has_numbers_for_are_no_filling(propose):
    for facts in (
        {"quantization": {"scale": [1, 2, 3, 4, 5], "zero_point": [0] * 5, "axis": 1}},
        {"normalization": {"mean": [1, 2, 3, 4, 5], "std": [1] * 5}},
    ):
        dtype = "int8" if "quantization" in facts else "float32"
        assert propose("pad", f"{dtype}[?, 5]", f"{dtype}[?, 8]", facts, {"padding": {"value": 0}}) == []


def test_values_are_converted_before_they_are_filled_up(propose):
    facts = [{"range": [0, 255]}, {"range": [0, 1], "padding": {"value": 0}}]
    assert propose("pad", "float32[?, 5]", "float32[?, 8]", *facts) == []


@pytest.mark.parametrize("value", [300, -1, 0.5, "x"])
def test_a_padding_that_the_type_cannot_hold_is_not_used(propose, value):
    assert propose("pad", "uint8[?, 5]", "uint8[?, 8]", {}, {"padding": {"value": value}}) == []


def test_rows_that_are_filled_up_otherwise_already_are_not_filled_up_more(propose):
    facts = [{"padding": {"value": 0}}, {"padding": {"value": 9}}]
    assert propose("pad", "int32[?, 5]", "int32[?, 8]", *facts) == []


def test_an_axis_is_not_brought_to_the_size_of_one_of_another_name(propose):
    named, same, other = ({"axes": ["batch", name]} for name in ("bin", "bin", "sample"))
    assert propose("pad", "float32[?, 257]", "float32[?, 512]", named, same)
    assert propose("pad", "float32[?, 257]", "float32[?, 512]", named, other) == []


def test_a_float_beyond_the_type_is_no_padding(propose):
    assert propose("pad", "float16[?, 5]", "float16[?, 8]", {}, {"padding": {"value": 98303}}) == []
    assert propose("pad", "float32[?, 5]", "float32[?, 8]", {}, {"padding": {"value": 98303}})


@pytest.mark.parametrize(
    ("provided", "required", "filler", "is_kept"),
    [
        ("bfloat16[?, 6]", "float32[?, 9]", -50000, False),
        ("bfloat16[?, 6]", "float32[?, 9]", 0.5, True),
        ("float16[?, 6]", "float32[?, 9]", 0.1, False),
        ("float32[?, 6]", "float32[?, 9]", 0.1, True),
        ("float64[?, 6]", "float32[?, 9]", 0.1, False),
        ("float16[?, 6]", "int32[?, 9]", 2049, False),
        ("float16[?, 6]", "float32[?, 9]", "nan", True),
    ],
)
def test_nothing_is_filled_with_a_number_that_the_type_of_the_moment_rounds(
    propose, provided, required, filler, is_kept
):
    """What is declared is the number of the consumer's type: where it is another one now, the values are cast first."""
    assert bool(propose("pad", provided, required, {}, {"padding": {"value": filler}})) is is_kept


def test_rows_are_not_filled_again_with_a_number_that_is_rounded(propose):
    ours = {"padding": {"value": 0}}
    for filler, is_kept in ((-50000, False), (-1, True)):
        found = propose("repad", "bfloat16[?, 6]", "float32[?, 6]", ours, {"padding": {"value": filler}})
        assert bool(found) is is_kept


def test_examples_are_nobodys_to_make_up(propose):
    filled = {"padding": {"value": 0}}
    named = {"axes": ["batch", "feature"]}
    for facts in ((named, filled), ({}, {**filled, **named})):
        assert propose("pad", "float32[3, 4]", "float32[8, 4]", *facts) == []
    (step,) = propose("pad", "int32[?, ?]", "int32[8, 128]", {}, filled)
    assert step.arguments["sizes"] == (None, 128)


def test_an_axis_alone_that_the_consumer_fills_is_that_of_its_rows(propose):
    filled = {"padding": {"value": 0}}
    (step,) = propose("pad", "int32[?]", "int32[128]", {}, filled)
    assert step.arguments["sizes"] == (128,)
    assert propose("pad", "int32[?]", "int32[128]", {"axes": ["batch"]}, filled) == []


def test_a_filling_that_nobody_declares_is_no_number_beyond_the_ids():
    wants = {"meaning": "token_ids", "id_count": 10}
    for value, count in ((99, 0), (10, 1), (-1, 1)):
        steps = list(propose_filled(parse_spec("int32[?, 4]"), needed(wants), Filling(value, "post")))
        assert len(steps) == count


def needed(facts):
    return parse_spec("int32[?, 6]").replace(facts=Facts.model_validate(facts))
