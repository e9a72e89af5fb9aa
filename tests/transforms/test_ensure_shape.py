from __future__ import annotations

CASES = [
    ("any[?, 3]", "any[2, 3]"),
    ("float32[*]", "float32[?, 3]"),
    ("float32[?, ?]", "float32[?, 128]"),
    ("string[?]", "string[1]"),
    ("ragged any[?, None]", "ragged any[1, None]"),
    ("ragged float32[?, None, ?]", "ragged float32[?, None, 10]"),
    ("ragged string[?, None, None, ?]", "ragged string[3, None, None, 10]"),
]


def test_each_size_that_may_be_wrong_is_a_guard(propose):
    (step,) = propose("ensure_shape", "float32[?, ?, 3]", "float32[?, 8, 3]")
    assert (step.arguments, step.cost.guards) == ({"shape": (None, 8, 3)}, 1)


def test_it_refuses_more_than_the_padding_that_the_consumer_declares(propose):
    for provided, required, guards in (("int32[?, ?]", "int32[?, 8]", 2), ("int32[?, ?]", "int32[4, 8]", 3)):
        case = (provided, required, {}, {"padding": {"value": 0}})
        (refusing,) = propose("ensure_shape", *case)
        assert refusing.cost.guards == guards
    (filling,) = propose("pad", "int32[?, ?]", "int32[?, 8]", {}, {"padding": {"value": 0}})
    assert filling.cost.guards == 1


def test_a_known_size_that_differs_is_not_guarded(propose):
    assert propose("ensure_shape", "float32[?, 7]", "float32[?, 8]") == []


def test_no_size_is_filled_in_where_the_consumer_has_another_axis(propose):
    gives, wants = {"axes": ["height", "width", "batch"]}, {"axes": ["batch", "width", "height"]}
    assert propose("ensure_shape", "float32[?, 3, ?]", "float32[3, 3, ?]", gives, wants) == []
    assert propose("ensure_shape", "float32[*]", "float32[3, 3, ?]", gives, wants) == []
    (step,) = propose("ensure_shape", "float32[?, 3, ?]", "float32[3, 3, ?]", gives, gives)
    assert step.result.shape == (3, 3, None)


def test_rows_that_are_ragged_otherwise_have_other_ways(propose):
    assert propose("ensure_shape", "ragged int32[?, None]", "int32[?, 4]") == []
    assert propose("ensure_shape", "ragged int32[?, None, None]", "ragged int32[4, None, 3]") == []
