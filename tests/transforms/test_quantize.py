from __future__ import annotations

import numpy as np

from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec

ONE = {"quantization": {"scale": 0.0078125, "zero_point": 128}}
EACH = {"quantization": {"scale": [0.1, 0.25, 3], "zero_point": [0, -1, 5], "axis": -1}}
CASES = [
    *[("any[?, 3]", f"{to}[?, 3]", {}, ONE) for to in ("uint8", "int32", "int16")],
    ("float32[?, 4, 3]", "int8[?, 4, 3]", {}, EACH),
    ("float64[?, 3]", "int8[?, 3]", {"range": [-1000, 1000]}, EACH),
    ("ragged float32[?, None]", "ragged uint8[?, None]", {}, ONE),
    ("ragged float32[?, None, 3]", "ragged int8[?, None, 3]", {}, EACH),
    ("float32[*]", "uint8[*]", {}, ONE),
]


def test_it_rounds_and_truncates_what_is_known_to_be_beyond(propose):
    (within,) = propose("quantize", "float32[?]", "uint8[?]", {"range": [-1, 0.9]}, ONE)
    (beyond,) = propose("quantize", "float32[?]", "uint8[?]", {"range": [-9, 9]}, ONE)
    assert (within.loss, beyond.loss) == ("rounding", "truncating")


def test_each_channel_is_cut_at_its_own_ends(propose):
    """A step of the widest scale says nothing of another; what is left reaches as far as the widest does."""
    narrow = {"quantization": {"scale": [0.5, 0.2], "zero_point": [2, 3], "axis": 1}}
    for low, loss in ((-0.7, "rounding"), (-1, "truncating")):
        (step,) = propose("quantize", "float32[?, 2]", "uint8[?, 2]", {"range": [low, 1]}, narrow)
        assert step.loss == loss
        assert step.result.facts.range == (low, 1)


def test_other_conversions_come_first(propose):
    normalized = {**ONE, "normalization": {"mean": 127.5, "std": 127.5, "raw_range": [0, 255]}}
    assert propose("quantize", "float32[?]", "uint8[?]", {"range": [0, 255]}, normalized) == []
    assert propose("quantize", "float32[?]", "uint8[?]", {"range": [0, 255]}, {**ONE, "range": [-1, 0.99]}) == []


def test_a_padding_near_the_middle_of_two_stored_numbers_is_not_known(propose):
    steps = [
        propose("quantize", "float32[?, 3]", "uint8[?, 3]", {"padding": {"value": value}}, ONE)
        for value in (0.5, 1.5 * 0.0078125)
    ]
    assert [step.result.facts.padding and step.result.facts.padding.value for (step,) in steps] == [192, None]
    # Nor is it then left for the consumer to find.
    facts = [{"padding": {"value": 1.5 * 0.0078125}}, {**ONE, "padding": {"value": 129}}]
    assert propose("quantize", "float32[?, 3]", "uint8[?, 3]", *facts) == []


def test_scales_of_each_colour_wait_for_the_order_of_the_colours(propose):
    facts = [{"channel_order": "RGB"}, {**EACH, "channel_order": "BGR"}]
    assert propose("quantize", "float32[?, 3]", "int8[?, 3]", *facts) == []


def test_what_rounds_to_the_filling_is_not_taken_for_it():
    """A value may round to what the filling has become: rows that are to be filled otherwise are freed of it before."""
    facts = {"range": (-1, 1), "padding": {"value": 0}}
    wants = {
        "range": (-100, 100),
        "quantization": {"scale": 1.0, "zero_point": 0},
        "padding": {"value": -128, "side": "post"},
    }
    provided, required = (
        parse_spec(text).replace(facts=Facts.model_validate(one))
        for text, one in (("float32[?, 3]", facts), ("int8[?, 3]", wants))
    )
    plan = search(provided, required).plan
    given = np.array([[0.5, 0.001, 0.0], [0.25, 0.5, 0.001]], np.float32)
    np.testing.assert_array_equal(run(provided, plan, given), [[50, 0, -128], [25, 50, 0]])
