from __future__ import annotations

CASES = [
    ("any[?, 8, 1]", "any[?, 8]"),
    ("float32[?, ?, 8]", "float32[?, 8]"),
    ("float32[1, 1]", "float32[]"),
    ("float32[1, ?, 0]", "float32[?, 0]"),
]


def test_a_known_size_needs_no_guard(propose):
    (step,) = propose("squeeze", "float32[?, 8, 8, 1]", "float32[?, 8, 8]")
    assert (step.arguments, step.guard) == ({"axis": 3}, None)


def test_an_unknown_size_is_guarded(propose):
    steps = propose("squeeze", "float32[?, ?, 8]", "float32[?, 8]")
    assert all(step.guard and step.cost.guards == 1 for step in steps)
    assert steps


def test_an_axis_that_is_required_stays(propose):
    assert propose("squeeze", "float32[?, 1, 8]", "float32[?, 1, 8]") == []
