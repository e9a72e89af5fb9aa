from __future__ import annotations

CASES = [
    ("any[?, 8, 3]", "any[?, 3, 8]"),
    ("float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]"),
    ("float32[?, ?, ?, 3]", "float32[?, 3, ?, ?]"),
    ("float32[0, 3]", "float32[3, 0]"),
    ("string[?, 1, 5]", "string[?, 5, 1]"),
]


def test_one_axis_that_moves_is_one_assumption(propose):
    best, *others = propose("transpose", "float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]")
    assert (best.arguments, best.cost.assumptions) == ({"perm": (0, 3, 1, 2)}, 1)
    assert all(step.cost.assumptions > 1 for step in others)


def test_names_settle_the_order(propose):
    (step,) = propose(
        "transpose",
        "float32[?, 8, 8, 8]",
        "float32[?, 8, 8, 8]",
        {"axes": ["batch", "height", "width", "channel"]},
        {"axes": ["batch", "channel", "height", "width"]},
    )
    assert (step.arguments, step.assumption, step.cost.assumptions) == ({"perm": (0, 3, 1, 2)}, None, 0)
    assert step.result.facts.axes == ("batch", "channel", "height", "width")
