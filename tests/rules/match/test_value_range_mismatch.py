from __future__ import annotations


def test_scaled_values_are_one_warning(only, step):
    scale = step("scale", "float32[?]", loss="rounding", facts={"range": [0, 1]})
    finding = only("float32[?]", "float32[?]", scale, gives={"range": [0, 255]}, wants={"range": [0, 1]})
    assert (finding.level, finding.rule) == ("warning", "value_range_mismatch")
    assert finding.message == "required values in [0, 1], provided values in [0, 255]"


def test_a_range_that_nothing_converts_is_an_error(found):
    assert found("int32[?]", "int32[?]", gives={"range": [0, 300]}, wants={"range": [0, 255]}) == [
        "error value_range_mismatch"
    ]


def test_an_unknown_range_is_no_known_difference(found):
    assert found("float32[?]", "float32[?]", wants={"range": [0, 1]}, verdict="fits") == []
