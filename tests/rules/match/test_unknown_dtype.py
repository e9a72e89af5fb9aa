from __future__ import annotations


def test_an_unread_dtype_is_an_error_of_its_own(only):
    finding = only("unknown[*]", "float32[?, 10]", verdict="undecided")
    assert (finding.level, finding.rule) == ("error", "unknown_dtype")
    assert finding.message == "the dtype of the output is not known without running the model"
    assert "sigcheck show encoder --format json" in finding.help


def test_both_sides_stand_in_one_finding(only):
    finding = only("unknown[?]", "unknown[?]", verdict="undecided")
    assert finding.message == "the dtype of the output and the input is not known without running the model"
