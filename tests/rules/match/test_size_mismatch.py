from __future__ import annotations

import sigcheck


def test_a_padded_axis_is_a_difference_and_an_assumption(found, step):
    pad = step("pad", "int32[?, 128]", assumption="0 behind the last value means no value")
    assert found("int32[?, 100]", "int32[?, 128]", pad) == ["warning size_mismatch", "warning assumed"]


def test_all_axes_stand_in_one_finding(only):
    finding = only("float32[?, 224, 224, 3]", "float32[?, 299, 299, 3]")
    assert (finding.level, finding.rule) == ("error", "size_mismatch")
    assert finding.message == "required size 299 on axis 1, provided 224; required size 299 on axis 2, provided 224"


def test_elements_in_other_groups_are_a_difference_of_sizes(only, step):
    finding = only("float32[?, 6, 6]", "float32[?, 4, 9]", step("reshape", "float32[?, 4, 9]"))
    assert (finding.level, finding.message) == ("warning", "required sizes [?, 4, 9], provided [?, 6, 6]")


def test_sizes_that_a_moved_axis_explains_are_its_finding(found, step):
    move = step("transpose", "float32[?, 3, 8, 8]", perm=[0, 3, 1, 2])
    assert found("float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]", move) == ["warning layout_mismatch"]


def test_a_moved_and_a_padded_axis_are_two_findings(found, step):
    steps = step("transpose", "float32[?, 3, 8, 8]"), step("pad", "float32[?, 3, 8, 9]")
    assert found("float32[?, 8, 8, 3]", "float32[?, 3, 8, 9]", *steps) == [
        "warning layout_mismatch",
        "warning size_mismatch",
    ]


def test_what_fills_one_axis_where_another_stays_too_long_is_no_cure():
    """Six people of a pose model with 56 numbers each, into 17 keypoints of 3: people were told to be made up."""
    report = sigcheck.check({"y": "float32[1, 6, 56]"}, {"x": "float32[?, 17, 3]"}, verify="typed")
    assert report.verdict == "blocked"
    assert not any("pad" in one.help or "truncat" in one.help for one in report.findings)
    (finding,) = [one for one in report.findings if one.rule == "size_mismatch"]
    assert finding.help == "no transform leads from the one size to the other; bind another output"
