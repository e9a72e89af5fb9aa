from __future__ import annotations

CASES = [
    ("any[?, 10]", "any[?, 1, 10]"),
    ("float32[8, 8, 3]", "float32[?, 8, 8, 3]"),
    ("float32[]", "float32[1]"),
    ("string[?]", "string[?, 1]"),
    ("float32[0, ?]", "float32[0, ?, 1]"),
]


def test_it_is_exact_and_assumes_nothing(propose):
    (_, step) = propose("expand_dims", "float32[?, 10]", "float32[?, 1, 10]")
    assert (step.loss, step.assumption, step.guard, step.cost.meaning) == ("exact", None, None, (0, 0, 0, 0, 0, 0))


def test_the_new_axis_takes_the_required_name(propose):
    step, *_ = propose(
        "expand_dims",
        "float32[8, 8, 3]",
        "float32[?, 8, 8, 3]",
        {"axes": ["height", "width", "channel"]},
        {"axes": ["batch", "height", "width", "channel"]},
    )
    assert step.result.facts.axes == ("batch", "height", "width", "channel")


def test_a_quantized_axis_moves_with_its_numbers(propose):
    facts = {"quantization": {"scale": [0.1, 0.2], "zero_point": [0, 1], "axis": -1}}
    steps = propose("expand_dims", "int8[?, 2]", "int8[?, 2, 1]", facts)
    assert [(step.arguments["axis"], step.result.facts.quantization.axis) for step in steps] == [(0, 2), (2, 1)]


def test_no_axis_is_made_where_the_consumer_has_one_that_is_provided(propose):
    gives, wants = {"axes": ["height", "width"]}, {"axes": ["height", "width", "channel"]}
    (step,) = propose("expand_dims", "float32[8, 8]", "float32[?, ?, ?]", gives, wants)
    assert step.arguments == {"axis": 2}


def test_in_the_place_of_unknown_size_it_is_assumed_to_be_that_axis_where_another_must_then_have_one_entry(propose):
    gives, wants = {"axes": ["a", None, "b"]}, {"axes": [None, "b", "a", "batch"]}
    steps = propose("expand_dims", "int32[1, ?, 2]", "int32[1, 2, 1, ?]", gives, wants)
    assert {step.arguments["axis"]: step.cost.assumptions for step in steps} == {0: 0, 3: 1}
    assert {bool(step.assumption) for step in steps if step.cost.assumptions} == {True}


def test_the_first_axis_of_unknown_size_is_the_batch(propose):
    steps = propose("expand_dims", "int32[?, 5, 2]", "int32[1, 5, 2, ?]")
    assert [step.cost.assumptions for step in steps] == [0] * len(steps)


def test_new_axes_of_named_ones_are_made_from_the_first_on_and_behind_what_is_moved(propose):
    wants = {"axes": ["time", "width", "depth", "batch", "view", "channel"]}
    shapes = ("float32[4, 2, 3]", "float32[4, 1, 1, 2, 1, 3]")
    (step,) = propose("expand_dims", *shapes, {"axes": ["time", "batch", "channel"]}, wants)
    assert (step.arguments, step.result.facts.axes) == ({"axis": 1}, ("time", "width", "batch", "channel"))
    assert propose("expand_dims", *shapes, {"axes": ["batch", "time", "channel"]}, wants) == []


def test_a_new_axis_behind_one_that_has_more_entries_is_put_where_there_are_axes(propose):
    gives, wants = {"axes": ["batch"]}, {"axes": ["height", "width", "time", "batch"]}
    steps = propose("expand_dims", "float32[2]", "float32[3, 3, 1, 2]", gives, wants)
    assert all(step.arguments["axis"] <= 1 for step in steps)
