from __future__ import annotations

GRAY, RGB = {"channel_order": "GRAY"}, {"channel_order": "RGB"}
CASES = [
    ("any[?, 4, 3]", "any[?, 4, 1]", RGB, GRAY),
    ("float32[?, 3, 4, 4]", "float32[?, 1, 4, 4]", {"channel_order": "BGR"}, GRAY),
    ("uint8[3, 3]", "uint8[3, 1]", RGB, GRAY),
]


def test_no_colour_can_be_had_back(propose):
    (step,) = propose("rgb_to_gray", "float32[?, 8, 8, 3]", "float32[?, 8, 8, 1]", RGB, GRAY)
    assert (step.loss, step.cost.irreversible) == ("irreversible", 1)


def test_colours_that_are_normalized_each_by_itself_have_no_sum(propose):
    facts = {**RGB, "normalization": {"mean": [1, 2, 3], "std": [4, 5, 6]}}
    assert propose("rgb_to_gray", "float32[?, 3]", "float32[?, 1]", facts, GRAY) == []


def test_of_fillings_only_black_stays_what_it_was(propose):
    black, white = ({**RGB, "padding": {"value": value}} for value in (0, 255))
    (step,) = propose("rgb_to_gray", "uint8[?, 4, 3]", "uint8[?, 4, 1]", black, {**GRAY, "padding": {"value": 0}})
    assert step.result.facts.padding.value == 0
    assert propose("rgb_to_gray", "uint8[?, 4, 3]", "uint8[?, 4, 1]", white, {**GRAY, "padding": {"value": 0}}) == []
