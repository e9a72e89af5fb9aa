from __future__ import annotations

import pytest

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.planning.matching import feed
from sigcheck.schema.facts import Boxes, Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint

NORMALIZED = {"boxes": "yxyx normalized"}
CASES = [
    (["float32[?, 9]"] * 4, [("float32[?, 9, 4]", NORMALIZED)], None),
    (["int32[]"] * 4, ["int32[4]"], None),
    (["float16[?, ?]", "float16[?, 5]", "float16[?, ?]", "float16[?, ?]"], ["float16[?, 5, 4]"], None),
]


def test_they_are_in_the_order_that_the_consumer_declares(joined):
    (step,) = joined("boxes", *CASES[0]).steps
    assert (str(step.result), step.result.facts.boxes) == (
        "float32[?, 9, 4]",
        Boxes(order="yxyx", unit="normalized"),
    )


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (["float32[3]"] * 3, "3 parts, expected 4 coordinates"),
        (["float32[3]"] * 3 + ["int32[3]"], "the dtypes differ"),
        (["float32[3]"] * 3 + ["float32[4]"], "axis 0 differs"),
    ],
)
def test_what_are_no_coordinates_is_said(joined, parts, message):
    with pytest.raises(JunctionError, match=message):
        joined("boxes", parts, ["float32[3, 4]"], None)


def test_four_outputs_are_boxes_only_where_somebody_says_so():
    outputs = [Endpoint(name=name, spec=parse_spec("float64[?, 9]")) for name in ("top", "left", "bottom", "right")]
    spec = parse_spec("float32[?, 9, 4]").replace(facts=Facts.model_validate(NORMALIZED))
    (binding,) = feed(outputs, [Endpoint(name="x", spec=spec)], {"boxes(top, left, bottom, right)": "x"}).bindings
    assert (binding.verdict, binding.provided) == ("adapts", "boxes(top, left, bottom, right)")
    assert [step.transform for step in binding.steps] == ["boxes", "cast"]
