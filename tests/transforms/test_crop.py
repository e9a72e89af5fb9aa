from __future__ import annotations

PICTURES = {"axes": ["batch", "height", "width", "channel"]}
CASES = [
    ("any[?, 9, 8, 3]", "any[?, 6, 5, 3]", PICTURES),
    ("uint8[9, 8]", "uint8[4, 8]", {}, {"axes": ["height", "width"]}),
    ("float32[?, 3, 9, ?]", "float32[?, 3, 9, ?]".replace("9", "0"), {"axes": ["batch", "channel", "height", "width"]}),
]


def test_it_loses_the_border_and_assumes_the_middle(propose):
    (step,) = propose("crop", "uint8[?, 9, 9, 3]", "uint8[?, 6, 6, 3]", PICTURES)
    assert (step.loss, step.cost.assumptions) == ("truncating", 1)


def test_rows_that_are_no_picture_are_not_cropped(propose):
    assert propose("crop", "uint8[?, 9]", "uint8[?, 6]") == []
    assert propose("crop", "uint8[?, 9, 4]", "uint8[?, 6, 4]", {"axes": ["batch", "time", "feature"]}) == []


def test_no_frequency_is_cut_to_a_height(propose):
    gives, wants = {"axes": ["frequency", "width"]}, {"axes": ["height", "width"]}
    assert propose("crop", "uint8[9, 9]", "uint8[6, 9]", gives, wants) == []
    assert propose("crop", "uint8[9, 9]", "uint8[6, 9]", wants, wants)
