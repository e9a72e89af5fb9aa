from __future__ import annotations

CASES = [
    ("any[?, 4, 5, 3]", "any[?, 7, 6, 3]"),
    ("float32[?, 7, 6, 3]", "float32[?, 4, 5, 3]"),
    ("float32[?, 224, 40, 3]", "float32[?, 299, 33, 3]"),
]


def test_growing_rounds_and_shrinking_drops_detail(propose):
    (grown,) = propose("resize", "float32[?, 4, 4, 3]", "float32[?, 8, 8, 3]")
    (shrunk,) = propose("resize", "float32[?, 8, 8, 3]", "float32[?, 4, 4, 3]")
    assert (grown.loss, shrunk.loss) == ("rounding", "truncating")


def test_named_axes_are_no_assumption(propose):
    axes = {"axes": ["batch", "height", "width", "channel"]}
    (step,) = propose("resize", "float32[?, 4, 4, 3]", "float32[?, 8, 8, 3]", axes)
    assert (step.assumption, step.cost.assumptions) == (None, 0)


def test_ids_are_not_interpolated(propose):
    facts = {"meaning": "class_ids"}
    assert propose("resize", "float32[?, 4, 4, 3]", "float32[?, 8, 8, 3]", facts, facts) == []


def test_both_sides_that_name_axes_name_pictures(propose):
    picture, other = ({"axes": ["batch", *names, "channel"]} for names in (("height", "width"), ("time", "frequency")))
    shapes = ("float32[?, 8, 8, 3]", "float32[?, 9, 9, 3]")
    assert propose("resize", *shapes, picture, picture)
    assert propose("resize", *shapes, picture, other) == []
    assert propose("resize", *shapes, other, picture) == []
