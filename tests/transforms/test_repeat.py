from __future__ import annotations

CASES = [
    ("any[?, 1]", "any[?, 3]"),
    ("float32[?, 8, 8, 1]", "float32[?, 8, 8, 3]"),
    ("uint16[?, ?, 1]", "uint16[?, ?, 3]"),
    ("float32[1, 0]", "float32[4, 0]"),
]


def test_it_is_an_assumption(propose):
    (step,) = propose("repeat", "float32[?, 8, 8, 1]", "float32[?, 8, 8, 3]")
    assert (step.loss, step.cost.assumptions) == ("exact", 1)


def test_three_times_gray_is_no_gray_any_more(propose):
    gray = {"channel_order": "GRAY", "axes": ["batch", "height", "width", "channel"]}
    (step,) = propose("repeat", "float32[?, 8, 8, 1]", "float32[?, 8, 8, 3]", gray)
    assert step.result.facts.channel_order is None


def test_an_axis_is_not_brought_to_the_size_of_one_of_another_name(propose):
    named, same, other = ({"axes": ["batch", name]} for name in ("bin", "bin", "sample"))
    assert propose("repeat", "float32[?, 1]", "float32[?, 3]", named, same)
    assert propose("repeat", "float32[?, 1]", "float32[?, 3]", named, other) == []
