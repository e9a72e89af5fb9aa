from __future__ import annotations

IDS, SHARES = {"meaning": "class_ids"}, {"meaning": "probabilities"}
CASES = [
    ("any[?]", "float32[?, 10]", IDS, SHARES),
    *[("int64[?, 3]", f"{to}[?, 3, 10]", {**IDS, "id_count": 10}, SHARES) for to in ("float16", "bfloat16", "float64")],
    ("int32[?]", "float32[7, ?]", {**IDS, "id_count": 5}, {**SHARES, "axes": ["class", "batch"]}),
    ("int32[]", "float32[?]", {**IDS, "id_count": 5}, SHARES),
    ("any[?, 6]", "float32[?, 6, 10]", {**IDS, "padding": {"value": 10}}, SHARES),
    ("int64[?, 6]", "float32[?, 6, 10]", {**IDS, "padding": {"value": -1}}, {**SHARES, "padding": {"value": 0}}),
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


def test_what_fills_rows_and_is_no_class_fills_them_with_zeros(propose):
    filled = {**IDS, "id_count": 10, "padding": {"value": -1, "side": "pre"}}
    (step,) = propose("one_hot", "int64[?, 6]", "float32[?, 6, 10]", filled, SHARES)
    assert (step.result.facts.padding.value, step.result.facts.padding.side) == (0, "pre")
    assert step.assumption == "each id is certain, and -1, which fills rows, is zeros"


def test_what_fills_rows_passes_the_guard(propose):
    (step,) = propose("one_hot", "int64[?, 6]", "float32[?, 6, 10]", {**IDS, "padding": {"value": -1}}, SHARES)
    assert step.guard == "every id is from 0 to 9, or -1, which fills rows"


def test_a_class_that_fills_rows_is_no_filling_of_zeros(propose):
    filled = {**IDS, "id_count": 10, "padding": {"value": 0}}
    zeros = {**SHARES, "padding": {"value": 0}}
    (step,) = propose("one_hot", "int64[?, 6]", "float32[?, 6, 10]", filled, SHARES)
    assert step.result.facts.padding is None
    assert propose("one_hot", "int64[?, 6]", "float32[?, 6, 10]", filled, zeros) == []


def test_the_classes_are_the_axis_that_nothing_else_is(propose):
    """By its name, where none is called class, else by the sizes of the others."""
    ids, shares = {**IDS, "id_count": 5}, {**SHARES, "axes": ["batch", "channel", "height", "width"]}
    for facts in (ids, {**ids, "axes": ["batch", "height", "width"]}):
        for theirs in (shares, SHARES):
            (step,) = propose("one_hot", "uint8[?, 6, 7]", "float32[?, 5, 6, 7]", facts, theirs)
            assert step.arguments == {"axis": 1, "count": 5, "dtype": "float32"}
    (step,) = propose("one_hot", "uint8[?, 5, 5]", "float32[?, 5, 5, 5]", ids, SHARES)
    assert step.arguments["axis"] == 3


def test_no_class_stands_in_front_of_a_batch(propose):
    names = {**SHARES, "axes": ["a", "b", "c"]}
    (step,) = propose("one_hot", "uint8[?, 6]", "float32[?, 6, 5]", {**IDS, "id_count": 5, "axes": ["b", "c"]}, names)
    assert step.arguments["axis"] == 2
