from __future__ import annotations

CASES = [
    ("float32[?, 9, 4, 32]", "float32[?, 9, 32]"),
    ("float16[?, ?, 4]", "float32[?, 4]"),
    ("int32[?, 3]", "int64[?]"),
    ("uint8[?, 3]", "int64[?, 1]"),
]


def test_what_fills_rows_must_add_nothing(propose):
    pair = ("float32[?, 9, 4]", "float32[?, 4]")
    (step,) = propose("sum", *pair, {"padding": {"value": 0}})
    assert (step.loss, step.result.facts.padding) == ("irreversible", None)
    assert propose("sum", *pair, {"padding": {"value": -1}}) == []


def test_a_sum_of_nothing_is_0_and_needs_no_guard(propose):
    (step,) = propose(
        "sum",
        "float32[?, ?, 4]",
        "float32[?, 4]",
        {"axes": ["batch", "pieces", "feature"]},
        {"axes": ["batch", "feature"]},
    )
    assert (step.guard, step.arguments) == (None, {"axis": 1})


def test_what_is_known_of_a_sum(propose):
    (step,) = propose("sum", "float32[?, 3]", "float32[?]", {"range": [0, 1], "meaning": "pixels"})
    assert (step.result.facts.range, step.result.facts.meaning) == ((0, 3), None)
    assert propose("sum", "float32[?, 3]", "float32[?]", {"normalization": {"mean": 1, "std": 2}}) == []
    assert propose("sum", "int64[?, 3]", "int64[?]") == []
    assert propose("sum", "int32[?, 3]", "int64[?]", {"meaning": "mask"}) == []


def test_a_sum_that_its_type_may_not_hold_has_no_known_range(propose):
    (step,) = propose("sum", "bfloat16[?, 8, 4]", "float32[?, 4]", {"range": [-3e38, 3e38]})
    assert step.result.facts.range is None


def test_a_sum_is_no_way_around_a_meaning(propose):
    """Logits added up are no logits any more, and least of all the ids that the consumer takes."""
    for meaning in ("token_ids", "logits"):
        assert propose("sum", "float32[?, 7]", "int32[?]", {"meaning": "logits"}, {"meaning": meaning}) == []
    vectors = {"meaning": "embedding"}
    assert propose("sum", "float32[?, 4, 32]", "float32[?, 32]", vectors, vectors)
