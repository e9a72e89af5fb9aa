from __future__ import annotations


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
