from __future__ import annotations

from sigcheck.transforms import BY_NAME

CASES = [
    ("any[?]", "any[?]", {"id_count": 100}, {"id_count": 50}),
    ("ragged int64[?, None]", "ragged int64[?, None]", {"id_count": 100}, {"id_count": 50}),
    ("sparse int32[?, 9]", "sparse int32[?, 9]", {"id_count": 100}, {"id_count": 50}),
    *[(f"{dtype}[?, 3]", f"{dtype}[?, 3]", {"id_count": 300}, {"id_count": 256}) for dtype in ("uint8", "int8")],
]


def test_it_is_by_permission_and_a_guard(propose):
    assert BY_NAME["guard_ids"].BY_PERMISSION
    (step,) = propose("guard_ids", "int32[?]", "int32[?]", {"id_count": 100}, {"id_count": 50})
    assert (step.cost.guards, step.result.facts.id_count) == (1, 50)
    assert step.guard


def test_a_range_of_ids_is_a_count(propose):
    many, few = {"meaning": "token_ids", "id_count": 50000}, {"meaning": "token_ids", "range": [0, 100]}
    (step,) = propose("guard_ids", "int32[?]", "int32[?]", many, few)
    assert step.arguments == {"count": 101}
    assert propose("guard_ids", "int32[?]", "int32[?]", many, {**few, "range": [1, 100]}) == []


def test_a_smaller_vocabulary_needs_none(propose):
    assert propose("guard_ids", "int32[?]", "int32[?]", {"id_count": 50}, {"id_count": 100}) == []


def test_rows_that_are_filled_with_no_id_would_be_refused_each_time(propose):
    gives = {"meaning": "token_ids", "id_count": 50, "padding": {"value": -1}}
    assert propose("guard_ids", "int32[?, 4]", "int32[?, 4]", gives, {"meaning": "token_ids", "id_count": 10}) == []
