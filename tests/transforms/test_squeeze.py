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


def test_an_axis_that_the_consumer_names_stays(propose):
    gives, wants = {"axes": ["batch", "time", "feature"]}, {"axes": ["batch", "feature"]}
    assert [step.arguments for step in propose("squeeze", "float32[1, 1, 8]", "float32[1, 8]", gives, wants)] == [
        {"axis": 1}
    ]


def test_beside_an_open_axis_no_guard_removes_one_that_the_consumer_does_not_name(propose):
    gives = {"axes": ["batch", "time", "feature"]}
    assert propose("squeeze", "float32[?, ?, 8]", "float32[?, 8]", gives, {"axes": ["batch", "feature"]}) == []
    steps = propose("squeeze", "float32[?, ?, 8]", "float32[?, 8]", gives, {"axes": ["batch", None]})
    assert [step.arguments for step in steps] == [{"axis": 1}]


def test_a_guard_takes_a_whole_example_of_an_open_size_out_where_all_that_the_consumer_names_is_in_it(propose):
    shapes, gives = ("float32[?, 2, ?]", "float32[2, ?]"), {"axes": ["a", "b", "c"]}
    assert [step.arguments for step in propose("squeeze", *shapes, gives, {"axes": ["b", "c"]})] == [{"axis": 0}]
    assert propose("squeeze", *shapes, gives, {"axes": ["b", "d"]}) == []
    assert propose("squeeze", *shapes, gives, {"axes": ["a", "b"]}) == []
    assert propose("squeeze", "float32[?, 2, ?]", "float32[?, ?]", gives, {"axes": ["b", "c"]}) == []


def test_an_axis_in_the_place_of_another_one_is_removed_whatever_size_is_required(propose):
    gives, wants = {"axes": ["height", "width", "channel"]}, {"axes": ["batch", "height", "width"]}
    (step,) = propose("squeeze", "float32[8, 8, 1]", "float32[?, ?, ?]", gives, wants)
    assert step.arguments == {"axis": 2}


def test_no_guard_removes_the_batch_where_no_name_is_on_both_sides(propose):
    """Scores of five classes for a batch are no five channels of one example."""
    shapes, gives = ("float32[5, ?]", "float32[5]"), {"axes": ["class", "batch"], "meaning": "log_probabilities"}
    assert propose("squeeze", *shapes, gives, {"axes": ["channel"]}) == []
    (step,) = propose("squeeze", *shapes, gives, {"axes": ["class"]})
    assert step.guard == "axis 1 has size 1"
    assert propose("squeeze", "float32[?]", "float32[]", {"axes": ["batch"]}, {"axes": []})


def test_the_id_of_a_class_gives_way_to_an_entry_for_each_class(propose):
    shares = {"meaning": "probabilities", "axes": ["batch", "time", "channel"]}
    ids = {"meaning": "class_ids", "axes": ["batch", "time", "channel"]}
    (step,) = propose("squeeze", "int32[?, 9, 1]", "float32[?, 9, 5]", ids, shares)
    assert step.result.facts.axes == ("batch", "time")
    assert propose("squeeze", "int32[?, 1, 9]", "float32[?, 5, 9]", ids, shares) == []
    assert propose("squeeze", "float32[?, 9, 1]", "float32[?, 9, 5]", {**ids, "meaning": "logits"}, shares) == []


def test_the_axis_of_classes_stays_until_scores_are_converted_along_it(propose):
    logits = {"meaning": "logits", "axes": ["batch", "box", "class"]}
    pair = ("float32[?, 9, 1]", "float32[?, 9]")
    assert propose("squeeze", *pair, logits, {"meaning": "probabilities"}) == []
    assert propose("squeeze", *pair, logits, {"meaning": "logits"})
    assert propose("squeeze", *pair, {**logits, "axes": ["batch", "class", "box"]}, {"meaning": "probabilities"})
