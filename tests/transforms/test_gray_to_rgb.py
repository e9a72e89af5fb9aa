from __future__ import annotations

import pytest

GRAY, RGB = {"channel_order": "GRAY"}, {"channel_order": "RGB"}
CASES = [
    ("any[?, 4, 1]", "any[?, 4, 3]", GRAY, RGB),
    ("uint8[?, 1, 4, 4]", "uint8[?, 3, 4, 4]", GRAY, {"channel_order": "BGR"}),
    ("uint8[1, 4, 1]", "uint8[?, 4, 3]", GRAY, RGB),
]


def test_declared_it_is_no_assumption(propose):
    (step,) = propose("gray_to_rgb", "uint8[?, 8, 8, 1]", "uint8[?, 8, 8, 3]", GRAY, RGB)
    assert (step.loss, step.assumption, step.result.facts.channel_order) == ("exact", None, "RGB")


@pytest.mark.parametrize("facts", [(GRAY, {}), ({}, RGB), (GRAY, {"channel_order": "RGBA"})])
def test_without_both_declarations_it_is_left_to_repeat(propose, facts):
    assert propose("gray_to_rgb", "uint8[?, 8, 8, 1]", "uint8[?, 8, 8, 3]", *facts) == []
