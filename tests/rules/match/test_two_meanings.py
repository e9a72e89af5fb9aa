from __future__ import annotations

import pytest

import sigcheck

TOKENS = {"tokens": "int32[?, 10]"}
SHARED = {"tokens": ["mask", "ids"]}


def found(consumer, producer=None, bind=SHARED, outputs=TOKENS):
    inputs = dict.fromkeys(("mask", "ids"), "int32[?, 10]")
    facts = {"producer": producer or {}, "consumer": consumer}
    report = sigcheck.check(outputs, inputs, bind=bind, facts=facts, verify="typed")
    return report, [one for one in report.findings if one.rule == "two_meanings"]


def test_one_tensor_is_not_ids_and_their_mask():
    report, (finding,) = found({"ids": {"meaning": "token_ids"}, "mask": {"meaning": "mask"}})
    assert (finding.level, finding.place, report.exit_code) == ("error", "mask", 1)
    assert finding.message == "it gets tokens as mask, and ids gets them as token_ids"
    assert finding.help.startswith("declare what they are, with --fact producer.tokens.meaning=token_ids")


def test_once_it_is_declared_the_other_is_made_of_it():
    padded = {"tokens": {"meaning": "token_ids", "padding": {"value": 0}}}
    report, told = found({"ids": {"meaning": "token_ids"}, "mask": {"meaning": "mask"}}, padded)
    assert not told
    assert report.verdict == "blocked"
    assert any("--loss mask=irreversible" in one.help for one in report.findings)


@pytest.mark.parametrize(
    ("consumer", "bind", "outputs"),
    [
        ({"ids": {"meaning": "token_ids"}, "mask": {"meaning": "token_ids"}}, SHARED, TOKENS),
        ({"ids": {"meaning": "token_ids"}}, SHARED, TOKENS),
        (
            {"ids": {"meaning": "token_ids"}, "mask": {"meaning": "mask"}},
            {"tokens": "ids", "other": "mask"},
            {**TOKENS, "other": "int32[?, 10]"},
        ),
    ],
)
def test_one_meaning_alone_is_no_contradiction(consumer, bind, outputs):
    assert found(consumer, bind=bind, outputs=outputs)[1] == []
