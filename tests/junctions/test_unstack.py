from __future__ import annotations

import pytest

from sigcheck.junctions.parts.junction import JunctionError

CASES = [
    (["float32[?, 2, 8]"], ["float32[?, 8]", "float32[?, 8]"], 1),
    (["string[3]"], ["string[]"] * 3, 0),
    (["bool[?, 4, 2]"], ["bool[?, 4]"] * 2, -1),
]


def test_each_input_has_an_index_of_the_axis(joined):
    steps = joined("unstack", ["int32[?, 2, 8]"], ["int32[?, 8]"] * 2, 1).steps
    assert [str(step) for step in steps] == ["unstack(axis=1, num=2, index=0)", "unstack(axis=1, num=2, index=1)"]


@pytest.mark.parametrize(
    ("part", "message"),
    [("float32[?, 3, 8]", "has size 3, the inputs are 2"), ("float32[?, ?, 8]", "has an unknown size")],
)
def test_an_axis_of_another_size_is_refused(joined, part, message):
    with pytest.raises(JunctionError, match=message):
        joined("unstack", [part], ["float32[?, 8]"] * 2, 1)


def test_axes_and_what_belongs_to_them_move(joined):
    facts = {
        "axes": ["batch", "frame", "channel"],
        "quantization": {"scale": [1, 2], "zero_point": [0, 0], "axis": 2},
    }
    found = joined("unstack", [("int8[?, 3, 2]", facts)], ["int8[?, 2]"] * 3, 1).steps[0].result.facts
    assert (found.axes, found.quantization.axis) == (("batch", "channel"), 1)
    gone = joined("unstack", [("int8[?, 3, 2]", facts)], ["int8[?, 3]"] * 2, 2).steps[0].result.facts
    assert gone.quantization is None


def test_an_axis_that_an_input_has_is_not_used_up(joined):
    inputs = [("float32[?, 8]", {"axes": ["batch", "channel"]})] * 2
    with pytest.raises(JunctionError, match="an axis channel, which would be gone"):
        joined("unstack", [("float32[?, 2, 8]", {"axes": ["batch", "channel", "time"]})], inputs, 1)
