from __future__ import annotations

import pytest

from sigcheck.rules.match import unverified_adapter
from sigcheck.schema.report import Failure, Verification

LATE = Verification(level="typed", reason="the time limit of 3 s was used up")
NO_TENSORFLOW = Verification(level="typed", reason="TensorFlow is not installed")


@pytest.mark.parametrize(
    ("verification", "wanted", "is_by_name", "level"),
    [
        (LATE, "executed", True, "error"),
        (LATE, "traced", True, "error"),
        (LATE, "executed", False, "warning"),
        (LATE, "typed", True, None),
        (NO_TENSORFLOW, "typed", False, "note"),
        (NO_TENSORFLOW, "executed", True, "error"),
        (Verification(level="traced"), "traced", True, None),
        (Verification(level="traced"), "executed", True, "error"),
        (Verification(level="traced", reason="not executed: no values"), "executed", False, "warning"),
        (Verification(level="executed", cases=4), "executed", True, None),
        (Verification(level="executed", cases=4), "executed", False, None),
        (Verification(level="executed", reason="not run end to end"), "end_to_end", True, "error"),
        (Verification(level="end_to_end", cases=4), "end_to_end", True, None),
        (LATE, None, False, None),
        (LATE.model_copy(update={"failures": (Failure(binding="x", case="a", message="b"),)}), "executed", True, None),
    ],
)
def test_a_proof_that_ended_early_is_no_clean_pass(match, step, verification, wanted, is_by_name, level):
    view = match(
        "float32[?]",
        "float32[?, 1]",
        step("expand_dims", "float32[?, 1]", axis=1),
        verification=verification,
        wanted=wanted,
        is_wanted_by_name=is_by_name,
    )
    found = list(unverified_adapter.find(view))
    assert [finding.level for finding in found] == ([] if level is None else [level])
    for finding in found:
        expected = wanted if is_by_name else "executed"
        assert finding.message.startswith(f"proved as {verification.level} only, expected {expected}: ")


@pytest.mark.parametrize(("wanted", "count"), [("executed", 0), ("end_to_end", 1)])
def test_what_fits_needs_no_proof_unless_its_models_are_to_be_run(match, wanted, count):
    proof = Verification(level="typed", reason="it fits as it is: there is nothing to run")
    options = {"verification": proof, "wanted": wanted, "is_wanted_by_name": True}
    view = match("float32[?]", "float32[?]", verdict="fits", **options)
    assert len(list(unverified_adapter.find(view))) == count


def test_what_is_blocked_is_told_by_others(match):
    view = match(
        "float32[?]", "string[?]", verdict="blocked", verification=LATE, wanted="executed", is_wanted_by_name=True
    )
    assert list(unverified_adapter.find(view)) == []
