from __future__ import annotations

import pytest

from sigcheck.rules import assumed
from sigcheck.schema.policy import Policy


def test_each_assumption_is_told(match, step):
    steps = (
        step("transpose", "float32[?, 3, 8]", assumption="axis 2 moves", perm=[0, 2, 1]),
        step("pad", "float32[?, 3, 9]", assumption="0 means no value"),
    )
    first, second = assumed.find(match("float32[?, 8, 3]", "float32[?, 3, 9]", *steps))
    assert first.message == "transpose(perm=[0, 2, 1]) assumes axis 2 moves"
    assert first.help == (
        "declare the axes on both sides, with --fact producer.out.axes=a,b,c and --fact consumer.x.axes=a,c,b; "
        "any names will do"
    )
    assert second.help == """declare it, as with --fact 'consumer.x.padding={"value":0}'"""


def test_the_policy_makes_them_errors(found, step):
    pad = step("pad", "int32[?, 9]", assumption="0 means no value")
    assert found("int32[?, 8]", "int32[?, 9]", pad, policy=Policy(assume="error")) == [
        "warning size_mismatch",
        "error assumed",
    ]


def test_a_plan_that_is_not_taken_assumes_nothing(match, step):
    nearest = [step("pad", "int32[?, 9]", assumption="0 means no value")]
    assert list(assumed.find(match("int32[?, 8]", "string[?, 9]", nearest=nearest))) == []


@pytest.mark.parametrize(
    ("transform", "cure"),
    [
        ("decode_image", "declare what they are, as with --fact producer.out.channel_order=RGB"),
        ("decode_base64", "have the producer give the picture files themselves, with the meaning encoded_image"),
    ],
)
def test_what_strings_hold_is_cured_by_what_they_mean(match, step, transform, cure):
    decoded = step(transform, "uint8[?, ?, ?, 3]", assumption="a")
    (finding,) = assumed.find(match("string[?]", "uint8[?, ?, ?, 3]", decoded))
    assert finding.help == cure
