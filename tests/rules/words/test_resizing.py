from __future__ import annotations

import pytest

import sigcheck
from sigcheck.schema.policy import Policy

FIRST = ["batch", "channel", "height", "width"]


def helps(provided, required, axes, rule, policy=None, **more):
    facts = {"producer": {"y": {"axes": axes, **more}}, "consumer": {"x": {"axes": axes}}}
    report = sigcheck.check({"y": provided}, {"x": required}, facts=facts, policy=policy, verify="typed")
    return [one.help for one in report.findings if one.rule == rule]


def test_a_border_around_pictures_is_advised_for_what_it_is_and_their_resizing_beside_it():
    assert helps("float32[?, 3, 8, 8]", "float32[?, 3, 12, 9]", FIRST, "size_mismatch") == [
        (
            "where the pictures are to be filled up, declare --fact 'consumer.x.padding={\"value\":0}'; "
            "else resize the pictures to 12 x 9 in the producer"
        )
    ]


@pytest.mark.parametrize("channel", ["channel", "feature"])
def test_where_one_side_grows_and_the_other_shrinks_pictures_are_resized(channel):
    axes = ["batch", channel, "height", "width"]
    assert helps("float32[?, 3, 11, 3]", "float32[?, 3, 4, 4]", axes, "size_mismatch") == [
        "resize the pictures to 4 x 4 in the producer"
    ]


def test_a_picture_that_is_cropped_is_told_as_one():
    policy = Policy(loss="truncating")
    assert helps(
        "uint8[?, 8, 8, 3]", "uint8[?, 4, 5, 3]", [FIRST[0], *FIRST[2:], "channel"], "truncated_rows", policy
    ) == ["where the whole of each picture is meant, resize the pictures to 4 x 5 in the producer"]


def test_a_map_of_ids_and_rows_are_no_pictures():
    found = helps("int32[?, 3, 11, 3]", "int32[?, 3, 4, 4]", FIRST, "size_mismatch", meaning="class_ids")
    found += helps("float32[?, 3, 9]", "float32[?, 3, 12]", ["batch", "channel", "time"], "size_mismatch")
    assert found
    assert not any("picture" in one for one in found)
