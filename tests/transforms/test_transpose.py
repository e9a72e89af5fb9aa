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


def test_an_order_that_names_settle_assumes_nothing_and_one_that_sizes_explain_does(propose):
    gives, wants = {"axes": ["height", "width", "batch"]}, {"axes": ["batch", "feature"]}
    (step,) = propose("transpose", "float32[3, 3, ?]", "float32[?, 9]", gives, wants)
    assert (step.arguments, step.cost.assumptions) == ({"perm": (2, 0, 1)}, 0)
    gives, wants = {"axes": [None, "time", "batch", None]}, {"axes": [None, "batch", "time", None]}
    (step, *_) = propose("transpose", "float32[2, 4, ?, 2]", "float32[2, ?, 4, 2]", gives, wants)
    assert (step.arguments, step.cost.assumptions) == ({"perm": (0, 2, 1, 3)}, 1)


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
