from __future__ import annotations

RGBA, RGB = {"channel_order": "RGBA"}, {"channel_order": "RGB"}
CASES = [
    ("any[?, 5, 4]", "any[?, 5, 3]", RGBA, RGB),
    ("uint8[?, 4, 5, 5]", "uint8[?, 3, 5, 5]", RGBA, {"channel_order": "BGR"}),
]


def test_it_truncates_and_leaves_rgb(propose):
    (step,) = propose("drop_alpha", "uint8[?, 8, 4]", "uint8[?, 8, 3]", RGBA, {"channel_order": "BGR"})
    assert (step.loss, step.result.facts.channel_order) == ("truncating", "RGB")


def test_undeclared_channels_are_not_dropped(propose):
    assert propose("drop_alpha", "uint8[?, 8, 4]", "uint8[?, 8, 3]", {}, RGB) == []
