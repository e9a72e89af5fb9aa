from __future__ import annotations


def test_another_side_is_an_error(only):
    finding = only(
        "int32[?, 9]", "int32[?, 9]", gives={"padding": {"value": 0, "side": "pre"}}, wants={"padding": {"value": 1}}
    )
    assert (finding.level, finding.rule) == ("error", "padding_mismatch")
    assert finding.message == "required padding with 1 behind, provided padding with 0 in front"


def test_text_and_truth_values_are_told_as_such(only):
    finding = only(
        "string[?, 9]", "string[?, 9]", gives={"padding": {"value": ""}}, wants={"padding": {"value": "[PAD]"}}
    )
    assert finding.message == "required padding with '[PAD]' behind, provided padding with '' behind"
