from __future__ import annotations

import pytest

WANTED = {"features": {"age": "float32[3]", "name": "string[]", "words": "int64[?]"}}


def test_each_feature_that_differs_is_told(only):
    given = {"features": {"age": "float32[2]", "words": "float32[?]", "more": "int64[]"}}
    finding = only("string[?]", "string[?]", gives=given, wants=WANTED)
    assert (finding.level, finding.rule) == ("error", "feature_mismatch")
    assert finding.message == (
        "age: 2 values, 3 are parsed; name: not among them, and no default stands for it; "
        "words: float32, and int64 is parsed"
    )
    assert finding.help.endswith("age float32[3], name string[], words int64[?]")


def test_of_many_the_first_are_told(only):
    wanted = {"features": {f"f{at:02}": "int64[]" for at in range(20)}}
    finding = only("string[?]", "string[?]", gives={"features": {"age": "int64[]"}}, wants=wanted)
    assert finding.message.endswith("f07: not among them, and no default stands for it; and 12 more")


@pytest.mark.parametrize("given", [WANTED, {}, {"features": {**WANTED["features"], "more": "int64[]"}}])
def test_what_can_be_parsed_is_no_mismatch(found, given):
    assert "feature_mismatch" not in found("string[?]", "string[?]", gives=given, wants=WANTED)
