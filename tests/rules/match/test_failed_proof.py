from __future__ import annotations

import pytest

from sigcheck.schema.report import Counterexample, Failure, Verification


def test_each_failed_case_is_an_error(only):
    failed = Verification(
        level="executed", cases=24, failures=(Failure(binding="x", case="batch of 0", message="InvalidArgumentError"),)
    )
    finding = only("float32[?]", "float32[?]", verdict="fits", verification=failed)
    assert (finding.level, finding.rule, finding.place) == ("error", "failed_proof", "x")
    assert finding.message == "batch of 0: InvalidArgumentError"


def test_a_proof_that_holds_is_silent(found):
    held = Verification(level="executed", cases=24)
    assert found("float32[?]", "float32[?]", verdict="fits", verification=held) == []


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("adapter", "do not use the adapter"),
        ("producer", "so that its signature says what it does"),
        ("consumer", "feed it such a tensor"),
    ],
)
def test_the_cure_is_for_what_failed(only, subject, words):
    failure = Failure(binding="x", case="v [3, 4]", message="other dtype", subject=subject)
    proof = Verification(level="executed", failures=(failure,))
    assert words in only("float32[?]", "float32[?]", verdict="fits", verification=proof).help


def test_the_smallest_tensors_are_told(only):
    example = Counterexample(tensors={"out": "[nan] (float32[1])"})
    failure = Failure(binding="x", case="NaN [3]", message="0.0, expected nan", counterexample=example)
    finding = only(
        "float32[?]", "float32[?]", verdict="fits", verification=Verification(level="executed", failures=(failure,))
    )
    assert finding.message == "NaN [3]: 0.0, expected nan; smallest: out = [nan] (float32[1])"
