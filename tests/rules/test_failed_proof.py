from __future__ import annotations

from sigcheck.schema.report import Failure, Verification


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
