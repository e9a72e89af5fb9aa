from __future__ import annotations

CASES = [
    ("any[?, 40, 32]", "any[?, 32]"),
    ("float32[?, ?, 32]", "float32[?, 32]"),
    ("string[?, 3]", "string[?, 1]"),
]


def test_the_last_step_of_a_sequence(propose):
    ours, theirs = {"axes": ["batch", "time", "feature"]}, {"axes": ["batch", "feature"]}
    (step,) = propose("last", "float32[?, ?, 32]", "float32[?, 32]", ours, theirs)
    assert (step.arguments, step.guard, step.loss) == ({"axis": 1}, "time (axis 1) has an entry", "truncating")


def test_what_fills_rows_behind_is_no_last_step(propose):
    assert propose("last", "float32[?, 40, 32]", "float32[?, 32]", {"padding": {"side": "post"}}) == []
    assert propose("last", "float32[?, 40, 32]", "float32[?, 32]", {"padding": {"side": "pre"}})
