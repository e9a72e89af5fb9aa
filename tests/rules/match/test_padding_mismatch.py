from __future__ import annotations

from sigcheck.rules.match.padding_mismatch import find
from sigcheck.schema.policy import Policy


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


def test_a_declaration_that_goes_before_the_policy_is_told(match, step):
    wants = {"padding": {"value": 1, "side": "pre"}}
    filled = step("pad", "int32[?, 9]", facts=wants, value=1, side="pre")
    (finding,) = find(match("int32[?, 5]", "int32[?, 9]", filled, policy=Policy(pad_side="post"), wants=wants))
    assert (finding.rule, finding.level) == ("padding_mismatch", "note")
    assert finding.message == "filled with 1 in front, as declared; the policy prefers 1 behind"
    same = Policy(pad_side="pre", pad_value=1)
    assert not [*find(match("int32[?, 5]", "int32[?, 9]", filled, policy=same, wants=wants))]


def test_a_policy_says_nothing_where_nothing_is_filled(match, step):
    policy, wants = Policy(pad_side="post", pad_value=9), {"padding": {"side": "pre"}}
    assert not [*find(match("int32[?, 9]", "int64[?, 9]", step("cast", "int64[?, 9]"), policy=policy, wants=wants))]
