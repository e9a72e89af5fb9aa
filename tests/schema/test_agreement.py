from __future__ import annotations

import pytest

from sigcheck.schema.agreement import conflicts, numbers_held, undeclared
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec

UNIT = {"scale": 1 / 255, "zero_point": 0}
ONE = {"scale": 1, "zero_point": 0}


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
        # A range is of real values, beside a quantization too.
        (spec("uint8[?]", quantization=UNIT, range=[0, 1]), spec("float32[?]", range=[0, 1]), ("quantization",)),
        (
            spec("float32[?]", range=[0, 255]),
            spec("uint8[?]", quantization=UNIT, range=[0, 1]),
            ("quantization", "range"),
        ),
        # Quantized numbers are whole, and their range is no bound.
        (
            spec("uint8[?]", quantization=UNIT, range=[0, 1]),
            spec("uint8[?]", quantization=UNIT, range=[0, 0.5]),
            ("range",),
        ),
        # Within a step the ends are the same: 255/256 is the greatest number below 1.
        (spec("uint8[?]", quantization=UNIT, range=[0, 0.997]), spec("uint8[?]", quantization=UNIT, range=[0, 1]), ()),
        # Whole numbers of a declared range stand for themselves; of no range, they may be codes of their own type only.
        (spec("uint8[?]", range=[0, 255]), spec("uint8[?]", quantization=UNIT), ("quantization",)),
        (spec("uint8[?]"), spec("uint8[?]", quantization=UNIT), ()),
        (spec("uint8[?]"), spec("int8[?]", quantization=UNIT), ("quantization",)),
        (spec("uint8[?]", quantization=UNIT), spec("int32[?]", range=[0, 255]), ("quantization",)),
        (spec("uint8[?]", range=[0, 255]), spec("uint8[?]", quantization=ONE), ()),
        # One axis written in two ways, and equal numbers for all channels.
        (
            spec("int8[?, 3]", quantization={"scale": [1, 10, 100], "zero_point": [0, 0, 0], "axis": -1}),
            spec("int8[?, 3]", quantization={"scale": [1, 10, 100], "zero_point": [0, 0, 0], "axis": 1}),
            (),
        ),
        (
            spec("int8[?, 3]", quantization={"scale": [2, 2, 2], "zero_point": [1, 1, 1], "axis": 1}),
            spec("int8[?, 3]", quantization={"scale": 2, "zero_point": 1}),
            (),
        ),
        (
            spec("float32[?, 3]", normalization={"mean": [0.5, 0.5], "std": [2, 2]}),
            spec("float32[?, 3]", normalization={"mean": 0.5, "std": 2}),
            (),
        ),
        # What ids may be is known by a count or by a range.
        (
            spec("int32[?]", meaning="token_ids", id_count=50000),
            spec("int32[?]", meaning="token_ids", range=[0, 100]),
            ("id_count",),
        ),
        (
            spec("int32[?]", meaning="token_ids", range=[0, 200]),
            spec("int32[?]", meaning="token_ids", id_count=100),
            ("id_count",),
        ),
        (spec("int32[?]", id_count=50), spec("int32[?]", meaning="token_ids", range=[1, 100]), ("id_count",)),
        (spec("int32[?]", id_count=50), spec("int32[?]", range=[0, 100]), ()),
        (spec("int32[?]", id_count=500), spec("int32[?]", range=[0, 100]), ("id_count",)),
        # A count and a range that leave no id agree with nothing.
        (spec("int32[?]", id_count=300), spec("int32[?]", id_count=20, range=[100, 200]), ("id_count",)),
        (spec("int32[?]", id_count=20, range=[100, 200]), spec("int32[?]", id_count=300), ("id_count",)),
        # A float that was computed may be off by its last digits.
        (
            spec("float32[?]", padding={"value": -2.1179039}),
            spec("float32[?]", padding={"value": -2.11790393}),
            (),
        ),
        (spec("float32[?]", padding={"value": -2.1}), spec("float32[?]", padding={"value": -2.2}), ("padding",)),
        # The raw range of a mean and deviation may stand beside them.
        (
            spec("float32[?]", normalization={"mean": 1, "std": 1}, range=[0, 1]),
            spec("float32[?]", normalization={"mean": 1, "std": 1, "raw_range": [0, 255]}),
            ("normalization",),
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


def test_whole_numbers_of_a_declared_range_are_held_as_they_are():
    assert numbers_held(spec("uint8[?]", range=[0, 255])) == spec("uint8[?]", quantization=ONE).facts.quantization
    assert numbers_held(spec("float32[?]", range=[0, 255])) is numbers_held(spec("uint8[?]")) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "disagree"),
    [
        ("raw_int16", "raw_int16_be", True),
        ("raw_int16", "raw_float32", True),
        ("raw_int16", "wav", True),
        ("raw_int16", "bytes", False),
        ("bytes", "raw_int16", False),
        ("bytes", "wav", True),
    ],
)
def test_bytes_of_numbers_are_bytes_and_of_others_they_are_not(ours, theirs, disagree):
    assert conflicts(spec("string[?]", meaning=ours), spec("string[?]", meaning=theirs)) == (
        ("meaning",) if disagree else ()
    )
    told = undeclared(spec("string[?]", meaning=ours), spec("string[?]", meaning=theirs))
    assert ("meaning" in told) == (ours == "bytes" and theirs == "raw_int16")
