from __future__ import annotations

import pytest

from sigcheck.api import check
from sigcheck.cli.declarations import merge_facts, parse_fact
from sigcheck.rules.match import assumed
from sigcheck.rules.words.option import cures
from sigcheck.schema.policy import Policy

SEE = "no fact says so: see that it is meant, else bind another output"


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
    assert second.help == (
        """where they are short rows declare what fills them, as with --fact 'consumer.x.padding={"value":0}'"""
    )


def test_pictures_are_declared_by_the_names_of_their_axes(match, step):
    resize = step("resize", "float32[?, 9, 9, 3]", assumption="axes 1 and 2 are the height and width of pictures")
    (finding,) = assumed.find(match("float32[?, 8, 8, 3]", "float32[?, 9, 9, 3]", resize))
    axes = "axes=batch,height,width,channel"
    assert finding.help == (
        f"declare the axes on both sides, with --fact producer.out.{axes} and --fact consumer.x.{axes}"
    )


@pytest.mark.parametrize(
    ("transform", "arguments", "required", "cure"),
    [
        (
            "reverse_channels",
            {"axis": 1},
            "float32[?, 3, 3]",
            "name the axis, as with --fact producer.out.axes=a,channel,c",
        ),
        ("argmax", {"axis": 2}, "int64[?, 3]", "name the axis, as with --fact producer.out.axes=a,b,class"),
        (
            "repeat",
            {"axis": 2, "count": 3},
            "float32[?, 3, 3]",
            (
                "where they are pictures declare it, with --fact producer.out.channel_order=GRAY "
                "and --fact consumer.x.channel_order=RGB"
            ),
        ),
        (
            "repeat",
            {"axis": 2, "count": 4},
            "float32[?, 3, 4]",
            SEE,
        ),
        ("number_entries", {}, "float32[?, 3, 4]", SEE),
        ("crop", {}, "float32[?, 3, 2]", SEE),
        (
            "truncate",
            {"sizes": [None, 2, None], "side": "post"},
            "float32[?, 2, 3]",
            (
                "see that it is meant; where the last are, say so with "
                """--fact 'consumer.x.padding={"value":0,"side":"pre"}'; else bind another output"""
            ),
        ),
        (
            "dense_to_ragged",
            {},
            "ragged float32[?, None, 3]",
            """declare what fills its rows, as with --fact 'producer.out.padding={"value":0}'""",
        ),
        (
            "dense_to_ragged",
            {"value": 0, "side": "post"},
            "ragged float32[?, None, 3]",
            "say where its rows lie, as with --fact producer.out.axes=batch,time,channel",
        ),
    ],
)
def test_each_assumption_has_the_cure_that_ends_it(match, step, transform, arguments, required, cure):
    taken = step(transform, required, assumption="a", **arguments)
    (finding,) = assumed.find(match("float32[?, 3, 3]", required, taken))
    assert finding.help == cure


def test_an_axis_that_was_moved_before_has_no_name_to_give(match, step):
    moved = step("transpose", "float32[?, 3, 3]", perm=[0, 2, 1])
    turned = step("reverse_channels", "float32[?, 3, 3]", assumption="the colours are axis 1", axis=1)
    gives, wants = {"channel_order": "BGR"}, {"channel_order": "RGB"}
    (finding,) = assumed.find(match("float32[?, 3, 3]", "float32[?, 3, 3]", moved, turned, gives=gives, wants=wants))
    assert finding.help == SEE


@pytest.mark.parametrize("pair", [("float32[?, 8, 8]", "float32[?, ?]"), ("float32[?]", "float32[?, 4, 1]")])
def test_names_that_end_it_are_told_whatever_the_step(pair):
    report = check({"y": pair[0]}, {"x": pair[1]}, policy=Policy(assume="warn"), verify="typed")
    step, told = next((one.message, one.help) for one in report.findings if "--fact producer.y.axes=" in one.help)
    facts = merge_facts([parse_fact(written.removeprefix("--fact ")) for way in cures(told) for written, _ in way])
    named = check({"y": pair[0]}, {"x": pair[1]}, facts=facts, policy=Policy(assume="warn"), verify="typed")
    assert step not in [one.message for one in named.findings]


def test_names_that_end_nothing_are_not_told():
    report = check({"y": "string[?, 3]"}, {"x": "string[?]"}, policy=Policy(assume="warn"), verify="typed")
    assert [one.help for one in report.findings if one.rule == "assumed"] == [SEE]


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
