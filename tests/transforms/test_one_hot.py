from __future__ import annotations

IDS, SHARES = {"meaning": "class_ids"}, {"meaning": "probabilities"}
CASES = [
    ("any[?]", "float32[?, 10]", IDS, SHARES),
    *[("int64[?, 3]", f"{to}[?, 3, 10]", {**IDS, "id_count": 10}, SHARES) for to in ("float16", "bfloat16", "float64")],
    ("int32[?]", "float32[7, ?]", {**IDS, "id_count": 5}, {**SHARES, "axes": ["class", "batch"]}),
    ("int32[]", "float32[?]", {**IDS, "id_count": 5}, SHARES),
]


def test_ids_of_an_unknown_number_are_guarded(propose):
    (guarded,) = propose("one_hot", "int64[?]", "float32[?, 10]", IDS, SHARES)
    (known,) = propose("one_hot", "int64[?]", "float32[?, 10]", {**IDS, "id_count": 10}, SHARES)
    assert guarded.guard
    assert (known.guard, known.loss, known.cost.assumptions) == (None, "exact", 1)


def test_ids_known_to_have_no_class_are_not_encoded(propose):
    assert propose("one_hot", "int64[?]", "float32[?, 10]", {**IDS, "id_count": 11}, SHARES) == []


def test_the_number_of_classes_is_never_guessed(propose):
    assert propose("one_hot", "int64[?]", "float32[?, ?]", IDS, SHARES) == []
