from __future__ import annotations

CASES = [
    ("any[?, 4, 20]", "any[?, 20]"),
    ("int32[?, ?, 20]", "int32[?, 20]"),
    ("string[?, 3]", "string[?, 1]"),
]


def test_the_best_of_the_beams(propose):
    ours, theirs = {"axes": ["batch", "beam", "position"]}, {"axes": ["batch", "position"]}
    (step,) = propose("first", "int32[?, 4, 4]", "int32[?, 4]", {**ours, "meaning": "token_ids"}, theirs)
    assert (step.arguments, step.loss, step.result.facts.meaning) == ({"axis": 1}, "truncating", "token_ids")


def test_what_fills_rows_in_front_is_no_first_entry(propose):
    assert propose("first", "int32[?, 4, 20]", "int32[?, 20]", {"padding": {"side": "pre"}}) == []
    assert propose("first", "int32[?, 4, 20]", "int32[?, 20]", {"padding": {"side": "post"}})
