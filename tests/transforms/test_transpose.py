from __future__ import annotations

import pytest

from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import transpose

CASES = [
    ("any[?, 8, 3]", "any[?, 3, 8]"),
    ("float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]"),
    ("float32[?, ?, ?, 3]", "float32[?, 3, ?, ?]"),
    ("float32[0, 3]", "float32[3, 0]"),
    ("string[?, 1, 5]", "string[?, 5, 1]"),
]


def test_one_axis_that_moves_is_one_assumption(propose):
    best, *others = propose("transpose", "float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]")
    assert (best.arguments, best.cost.assumptions) == ({"perm": (0, 3, 1, 2)}, 1)
    assert all(step.cost.assumptions > 1 for step in others)


def test_names_settle_the_order(propose):
    (step,) = propose(
        "transpose",
        "float32[?, 8, 8, 8]",
        "float32[?, 8, 8, 8]",
        {"axes": ["batch", "height", "width", "channel"]},
        {"axes": ["batch", "channel", "height", "width"]},
    )
    assert (step.arguments, step.assumption, step.cost.assumptions) == ({"perm": (0, 3, 1, 2)}, None, 0)
    assert step.result.facts.axes == ("batch", "channel", "height", "width")


@pytest.mark.parametrize("rank", range(6, 17))
def test_distinct_sizes_name_the_order_at_any_rank(propose, rank):
    sizes = [str(2 + axis) for axis in range(rank)]
    (step,) = propose("transpose", f"float32[{', '.join(sizes)}]", f"float32[{', '.join(reversed(sizes))}]")
    assert step.arguments == {"perm": tuple(reversed(range(rank)))}


def test_many_axes_of_one_size_are_not_all_tried(propose):
    ours, theirs = [4, 4, *[2] * 12, 3], [3, *[2] * 12, 4, 4]
    found = propose("transpose", f"float32{ours}", f"float32{theirs}")
    assert 0 < len(found) <= 6
    assert all(step.result.shape == tuple(theirs) for step in found)


def test_an_axis_without_a_name_takes_the_place_that_is_left(propose):
    gives, wants = {"axes": ["a", None, "b"]}, {"axes": ["b", None, "a"]}
    (step,) = propose("transpose", "float32[4, 1, 4]", "float32[4, 1, 4]", gives, wants)
    assert (step.arguments, step.cost.assumptions) == ({"perm": (2, 1, 0)}, 0)


def test_axes_that_are_flattened_go_where_the_consumer_has_room(propose):
    gives, wants = {"axes": ["height", "width", "batch"]}, {"axes": ["batch", "feature"]}
    (step,) = propose("transpose", "float32[3, 3, ?]", "float32[?, 9]", gives, wants)
    assert (step.arguments, step.cost.assumptions) == ({"perm": (2, 0, 1)}, 0)


def test_where_names_leave_several_orders_the_sizes_explain_one(propose):
    gives, wants = {"axes": [None, "time", "batch", None]}, {"axes": [None, "batch", "time", None]}
    (step, *_) = propose("transpose", "float32[2, 4, ?, 3]", "float32[2, ?, 4, 3]", gives, wants)
    assert step.arguments == {"perm": (0, 2, 1, 3)}
    assert step.cost.assumptions > 0


def test_no_order_by_size_turns_names_round(propose):
    gives, wants = {"axes": ["a", "b", None, None]}, {"axes": [None, "a", None, "b"]}
    steps = propose("transpose", "float32[8, 8, 3, 4]", "float32[3, 8, 4, 8]", gives, wants)
    assert steps
    assert all(step.arguments["perm"].index(0) < step.arguments["perm"].index(1) for step in steps)


@pytest.mark.parametrize(
    ("provided", "required", "is_met"),
    [
        ("int32[?, 8, 8, 3]", "int32[?, 3, 8, 8]", False),
        ("int32[2, 3, 4, 5, 6, 7, 8]", "int32[8, 7, 6, 5, 4, 3, 2]", False),
        # Of six axes or more one at a time is moved where a size is not known, and none where some become one.
        ("int32[2, 3, 4, 5, 6, 7, ?]", "int32[7, 6, 5, 4, 3, 2, 9]", True),
        ("int32[2, 3, 4, 5, 6, 7]", "int32[7, 6, 20, 3, 2]", True),
        ("int32[2, 3, 4, 5, 6, 7]", "int32[7, 6, 21, 3, 2]", False),
        ("int32[2, 2, 2, 2, 3]", "int32[3, 2, 2, 2, 2]", True),
    ],
)
def test_a_limit_that_is_met_is_told(provided, required, is_met):
    assert transpose.leaves_out(parse_spec(provided), parse_spec(required)) is is_met
