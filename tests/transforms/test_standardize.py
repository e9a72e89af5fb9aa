from __future__ import annotations

import pytest

RGB = {"mean": [123.7, 116.8, 103.9], "std": [58.4, 57.1, 57.4], "raw_range": [0, 255]}
ONE = {"mean": 127.5, "std": 127.5, "raw_range": [0, 255]}
UNIT = {"mean": 0.5, "std": 0.5, "raw_range": [0, 1]}
RAW = {"range": [0, 255]}
CASES = [
    ("sparse float32[?, 9]", "float32[?, 9]", {"range": [0, 1]}, {"normalization": UNIT, "padding": {"value": 0}}),
    ("any[?, 8, 3]", "float32[?, 8, 3]", RAW, {"normalization": RGB}),
    ("any[?, 8]", "float64[?, 8]", RAW, {"normalization": ONE}),
    ("float32[?, 3, 8]", "float32[?, 3, 8]", RAW, {"normalization": RGB}),
    ("float32[3, 3]", "float32[3, 3]", RAW, {"normalization": RGB}),
    ("float32[]", "float32[]", RAW, {"normalization": ONE}),
    ("ragged float32[?, None, 3]", "ragged float32[?, None, 3]", RAW, {"normalization": ONE}),
    ("ragged float32[?, None, 3]", "ragged float32[?, None, 3]", RAW, {"normalization": RGB}),
    ("ragged float32[?, None, 2, 3]", "ragged float32[?, None, 2, 3]", RAW, {"normalization": RGB}),
    ("float32[*]", "float32[*]", RAW, {"normalization": ONE}),
    ("float32[?, 3]", "float32[?, 3]", RAW, {"normalization": {**RGB, "std": [1, 1, 1]}}),
]


def test_two_axes_that_could_be_the_channels_are_told_apart(propose):
    steps = propose("standardize", "float32[3, 3]", "float32[3, 3]", RAW, {"normalization": RGB})
    assert [(step.arguments["axis"], step.cost.assumptions) for step in steps] == [(0, 1), (1, 1)]


def test_the_named_channels_are_no_assumption(propose):
    (step,) = propose(
        "standardize", "float32[3, 3]", "float32[3, 3]", {**RAW, "axes": ["height", "channel"]}, {"normalization": RGB}
    )
    assert (step.arguments["axis"], step.assumption) == (1, None)


def test_values_of_another_range_wait_for_the_scale(propose):
    assert propose("standardize", "float32[?]", "float32[?]", {"range": [0, 1]}, {"normalization": ONE}) == []


def test_numbers_of_one_colour_each_wait_for_the_order_of_the_colours(propose):
    facts = [{**RAW, "channel_order": "BGR"}, {"normalization": RGB, "channel_order": "RGB"}]
    assert propose("standardize", "float32[?, 3]", "float32[?, 3]", *facts) == []
    assert propose("standardize", "float32[?, 3]", "float32[?, 3]", facts[1] | RAW | {"normalization": None}, facts[1])


def test_a_deviation_by_which_values_leave_their_dtype_is_no_step(propose):
    for dtype, std in (("float32", 2.0**-126), ("float16", 1e-3)):
        told = {"normalization": {"mean": 0, "std": std, "raw_range": [0, 255]}}
        assert propose("standardize", f"{dtype}[?]", f"{dtype}[?]", RAW, told) == []


@pytest.mark.parametrize("names", [["batch", "height", "width"], ["batch", "time", "width"]])
def test_no_axis_of_another_name_holds_the_channels(propose, names):
    shape, raw, wanted = "float32[?, 3, 4]", {"range": [0, 255]}, {"normalization": RGB}
    assert len(propose("standardize", shape, shape, raw, wanted)) == 1
    assert propose("standardize", shape, shape, {**raw, "axes": names}, wanted) == []
    assert propose("standardize", shape, shape, raw, {**wanted, "axes": names}) == []


def test_colours_are_turned_along_no_axis_of_another_name(propose):
    named = {"axes": ["batch", "height", "width"], "channel_order": "RGB"}
    assert propose("reverse_channels", "float32[?, 4, 3]", "float32[?, 4, 3]", named, {"channel_order": "BGR"}) == []
