from __future__ import annotations

import pytest

from sigcheck.schema.agreement import conflicts, real_range
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec

UNIT = {"scale": 1 / 255, "zero_point": 0}


def spec(text, **facts):
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


@pytest.mark.parametrize(
    ("provided", "required", "expected"),
    [
        (spec("float32[?]", range=[0, 255]), spec("float32[?]", range=[0, 1]), ("range",)),
        (spec("int32[?]", range=[0, 1]), spec("int32[?]", range=[0, 255]), ()),
        (spec("int32[?]", range=[0, 255]), spec("int32[?]", range=[0, 1]), ("range",)),
        (spec("float32[?]", meaning="lengths", range=[0, 9]), spec("float32[?]", range=[0, 99]), ()),
        (spec("uint8[?]", quantization=UNIT), spec("float32[?]"), ("quantization",)),
        (spec("uint8[?]", quantization=UNIT), spec("int32[?]"), ()),
        # Stored as 0 to 255, which stands for 0 to 1: what is compared are the real numbers.
        (spec("uint8[?]", quantization=UNIT, range=[0, 255]), spec("float32[?]", range=[0, 1]), ("quantization",)),
        (
            spec("float32[?]", range=[0, 255]),
            spec("uint8[?]", quantization=UNIT, range=[0, 255]),
            ("quantization", "range"),
        ),
        # A quantized input that is normalized as well differs in both.
        (
            spec("float32[?]", range=[0, 255]),
            spec("int8[?]", quantization=UNIT, normalization={"mean": 127.5, "std": 127.5}),
            ("quantization", "normalization"),
        ),
    ],
)
def test_known_facts_that_differ_are_named(provided, required, expected):
    assert conflicts(provided, required) == expected


def test_an_unknown_fact_differs_from_nothing():
    known = spec("uint8[?]", range=[0, 255], meaning="pixels", channel_order="RGB", padding={"value": 0})
    assert conflicts(known, spec("uint8[?]")) == conflicts(spec("uint8[?]"), known) == ()


def test_scales_of_each_channel_have_no_one_real_range():
    facts = {"range": [0, 255], "quantization": {"scale": [1, 2], "zero_point": [0, 0], "axis": 1}}
    assert real_range(spec("uint8[?, 2]", **facts)) is None
    assert real_range(spec("uint8[?]", range=[0, 255], quantization={"scale": 0.5, "zero_point": 10})) == (-5, 122.5)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (["channel", "height"], ["batch", "height"], ("axes",)),
        (["batch", None], ["height", "width"], ("axes",)),
        (["height", "width"], ["width", "height"], ("axes",)),
        # Two vocabularies may name one axis in two ways.
        (["batch", "time"], ["batch", "position"], ()),
        (["batch", "feature"], ["batch", "channel"], ()),
        (["batch", None], [None, "channel"], ()),
    ],
)
def test_axes_differ_where_they_are_known_to_be_others(ours, theirs, expected):
    assert conflicts(spec("float32[?, ?]", axes=ours), spec("float32[?, ?]", axes=theirs)) == expected


def test_one_entry_may_be_that_of_another_axis():
    ours, theirs = ["channel", "height", "width"], ["batch", "height", "width"]
    required = spec("float32[1, ?, ?]", axes=theirs)
    assert conflicts(spec("float32[1, ?, ?]", axes=ours), required) == ()
    assert conflicts(spec("float32[3, ?, ?]", axes=ours), required) == ("axes",)
