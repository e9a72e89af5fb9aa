from __future__ import annotations

import pytest

from sigcheck.schema.agreement import conflicts, undeclared
from sigcheck.schema.axis_agreement import have_other_axes, may_be_swapped
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec


def spec(text, axes=None):
    return parse_spec(text).replace(facts=Facts.model_validate({"axes": axes}))


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (["channel", "height"], ["batch", "height"], True),
        (["batch", None], ["height", "width"], True),
        (["height", "width"], ["width", "height"], True),
        # Two vocabularies may name one axis in two ways.
        (["batch", "time"], ["batch", "position"], False),
        (["batch", "feature"], ["batch", "channel"], False),
        (["batch", None], [None, "channel"], False),
    ],
)
def test_axes_differ_where_they_are_known_to_be_others(ours, theirs, expected):
    one, other = spec("float32[?, ?]", ours), spec("float32[?, ?]", theirs)
    assert have_other_axes(one, other) == expected
    assert conflicts(one, other) == (("axes",) if expected else ())


def test_one_entry_may_be_that_of_another_axis():
    ours, theirs = ["channel", "height", "width"], ["batch", "height", "width"]
    required = spec("float32[1, ?, ?]", theirs)
    assert not have_other_axes(spec("float32[1, ?, ?]", ours), required)
    assert have_other_axes(spec("float32[3, ?, ?]", ours), required)


@pytest.mark.parametrize(
    ("provided", "required", "expected"),
    [
        ("float32[?, ?]", "float32[?, ?]", True),
        ("float32[?, 8, 8]", "float32[?, 8, 8]", True),
        # What one side states tells them apart, and so do two sizes.
        ("float32[?, 8]", "float32[?, ?]", False),
        ("float32[?, 8, 9]", "float32[?, 8, 9]", False),
        # It does not matter which of two single entries is which.
        ("float32[?, 1, 1]", "float32[?, 1, 1]", False),
        # Height and width of a picture; without channels, and of three axes, they are any two.
        ("float32[?, 8, 8, 3]", "float32[?, 8, 8, 3]", False),
        ("float32[?, 8, 8, 5]", "float32[?, 8, 8, 5]", True),
        ("float32[8, 8, 3]", "float32[8, 8, 3]", True),
        ("float32[?, ?, 8, 8]", "float32[?, 3, 8, 8]", False),
        # As high or as wide as it has channels, which may stand in front or behind.
        ("float32[?, 3, 3, 3]", "float32[?, 3, 3, 3]", True),
        ("float32[?, 3, 8, 3]", "float32[?, 3, 8, 3]", True),
        ("float32[?, ?]", "float32[?, ?, ?]", False),
        ("float32[*]", "float32[*]", False),
    ],
)
def test_axes_of_one_size_may_be_swapped(provided, required, expected):
    one, other = spec(provided), spec(required)
    assert may_be_swapped(one, other) == expected
    assert ("axes" in undeclared(one, other)) == expected
