from __future__ import annotations

import pytest

from sigcheck.junctions.parts.junction import JunctionError

CASES = [
    (["float32[?, 8]", "float32[?, 8]"], ["float32[?, 2, 8]"], 1),
    (["int64[]", "int64[]", "int64[]"], ["int64[3]"], 0),
    (["string[?]", "string[4]"], ["string[4, 2]"], -1),
    (["float16[?, ?, 3]", "float16[?, 5, 3]"], ["float16[?, 5, 2, 3]"], 2),
    (["complex64[0, 3]", "complex64[0, 3]"], ["complex64[2, 0, 3]"], 0),
]


def test_a_size_that_one_part_knows_is_that_of_all(joined):
    (step,) = joined("stack", ["float32[?, ?]", "float32[?, 8]"], ["float32[?, 2, 8]"], 1).steps
    assert (str(step.result), step.guard) == ("float32[?, 2, 8]", "all parts have the same sizes")


@pytest.mark.parametrize(
    ("parts", "axis", "message"),
    [
        (["float32[?, 3]", "float32[?, 5]"], 1, "axis 1 differs"),
        (["float32[3]", "int32[3]"], 1, "the dtypes differ"),
        (["float32[3]", "float32[3]"], 2, "there is no axis 2 in a rank of 2"),
        ([f"float32[{', '.join('1' * 254)}]"] * 2, 0, "no more than 254 axes"),
    ],
)
def test_what_differs_is_said(joined, parts, axis, message):
    with pytest.raises(JunctionError, match=message):
        joined("stack", parts, ["float32[?]"], axis)


def test_the_new_axis_is_named_as_it_is_required_and_others_move(joined):
    stored = {"quantization": {"scale": [1, 2], "zero_point": [0, 0], "axis": 1}, "axes": ["batch", "channel"]}
    required = ("int8[?, 3, 2]", {"axes": ["batch", "frame", "channel"]})
    (step,) = joined("stack", [("int8[?, 2]", stored)] * 3, [required], 1).steps
    assert step.result.facts.axes == ("batch", "frame", "channel")
    assert step.result.facts.quantization.axis == 2


def test_the_classes_are_the_last_axis_no_more(joined):
    parts = [("float32[?, 3]", {"meaning": "probabilities"})] * 2
    kept, lost = (joined("stack", parts, ["float32[?]"], axis).steps[0].result.facts.meaning for axis in (1, 2))
    assert (kept, lost) == ("probabilities", None)
