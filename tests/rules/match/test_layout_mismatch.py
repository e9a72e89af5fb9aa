from __future__ import annotations

NHWC = ("batch", "height", "width", "channel")
NCHW = ("batch", "channel", "height", "width")


def test_a_moved_axis_is_a_difference_and_an_assumption(found, step):
    move = step("transpose", "float32[?, 3, 8, 8]", assumption="axis 3 moves", perm=[0, 3, 1, 2])
    assert found("float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]", move) == ["warning layout_mismatch", "warning assumed"]


def test_declared_names_are_told(only, step):
    move = step("transpose", "float32[?, 3, 8, 8]", facts={"axes": NCHW}, perm=[0, 3, 1, 2])
    finding = only("float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]", move, gives={"axes": NHWC}, wants={"axes": NCHW})
    assert finding.message == "required axes batch, channel, height, width; provided batch, height, width, channel"
    assert (finding.level, finding.help) == ("warning", "the adapter does it: transpose(perm=[0, 3, 1, 2])")


def test_names_that_nothing_brings_in_order_are_an_error(found):
    assert found("float32[?, 8, 8, 8]", "float32[?, 8, 8, 8]", gives={"axes": NHWC}, wants={"axes": NCHW}) == [
        "error layout_mismatch"
    ]
