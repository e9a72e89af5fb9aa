from __future__ import annotations

import pytest

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.notation import parse_spec

CASES = [
    (["float32[?, 8]"], ["float32[?, 3]", "float32[?, 5]"], 1),
    (["string[?, 3, ?]"], ["string[?, 1, ?]", "string[?, 0, ?]", "string[?, 2, ?]"], 1),
    (["uint16[6]"], ["uint16[2]", "uint16[2]", "uint16[2]"], -1),
]


def test_the_pieces_are_the_whole_axis_in_order(joined):
    steps = joined("split", ["int32[?, 8]"], ["int32[?, 3]", "int32[?, 5]"], 1).steps
    assert [str(step) for step in steps] == [
        "split(axis=1, sizes=[3, 5], index=0)",
        "split(axis=1, sizes=[3, 5], index=1)",
    ]
    assert [str(step.result) for step in steps] == ["int32[?, 3]", "int32[?, 5]"]


@pytest.mark.parametrize(
    ("part", "axis", "message"),
    [
        ("float32[?, 9]", 1, r"axis 1 has size 9, the inputs require 3 \+ 5"),
        ("float32[?, ?]", 1, "the sizes along axis 1 are not known"),
        ("float32[8, 3]", 0, "the sizes along axis 0 are not known"),
        ("float32[?, 8]", 3, "there is no axis 3"),
        ("sparse float32[?, 8]", 1, "expected a dense tensor"),
    ],
)
def test_what_does_not_sum_is_said(joined, part, axis, message):
    with pytest.raises(JunctionError, match=message):
        joined("split", [part], ["float32[?, 3]", "float32[?, 5]"], axis)


@pytest.mark.parametrize(
    ("part", "required", "axis", "sizes"),
    [
        ("float32[1, 84, 400]", ["float32[?, 400, 4]", "float32[?, 400, 80]"], 1, [4, 80]),
        ("float32[1, 300, 6]", ["float32[1, 300, 4]", "float32[1, 300]", "int64[1, 300]"], 2, [4, 1, 1]),
        ("float32[?, 85, 20, 20]", ["float32[?, 20, 20, 5]", "float32[?, 20, 20, 80]"], 1, [5, 80]),
    ],
)
def test_the_axis_may_have_another_place_in_the_inputs_or_none(joined, part, required, axis, sizes):
    from sigcheck.junctions.split import moved_ways, ways

    assert not ways([parse_spec(part)], [parse_spec(one) for one in required])
    assert moved_ways(parse_spec(part), [parse_spec(one) for one in required]) == [axis]
    steps = joined("split", [part], required, axis).steps
    assert [step.arguments["sizes"] for step in steps] == [tuple(sizes)] * len(required)
    assert [step.result.shape[axis] for step in steps] == sizes


@pytest.mark.parametrize(
    ("part", "required"),
    [
        ("float32[1, 84, 400]", ["float32[?, 400, 4]", "float32[?, 400, 79]"]),
        ("float32[1, 84, 400]", ["float32[?, 400, ?]", "float32[?, 400, 80]"]),
        ("float32[?, 6, 8]", ["float32[?, 8]", "float32[?, 4]"]),
        # The others would have to change places too.
        ("float32[1, 84, 20, 30]", ["float32[?, 30, 20, 4]", "float32[?, 30, 20, 80]"]),
    ],
)
def test_what_does_not_sum_there_either_is_no_way(part, required):
    from sigcheck.junctions.split import moved_ways

    assert moved_ways(parse_spec(part), [parse_spec(one) for one in required]) == []


def test_a_distribution_does_not_survive_its_parts(joined):
    part = ("float32[?, 8]", {"meaning": "probabilities", "range": [0, 1]})
    facts = joined("split", [part], ["float32[?, 3]", "float32[?, 5]"], 1).steps[0].result.facts
    assert (facts.meaning, facts.range) == (None, (0, 1))
