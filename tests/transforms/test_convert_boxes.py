from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.search import search
from sigcheck.schema.facts import Boxes, Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import convert_boxes


def boxes(order, *size, **told):
    return {"boxes": {"order": order, **({"unit": "pixels", "size": size} if size else {}), **told}}


ORDERS = ("yxyx", "xyxy", "xywh", "cxcywh")
SHARES = {"unit": "normalized"}
CASES = [
    ("any[?, 9, 4]", "any[?, 9, 4]", boxes("yxyx"), boxes("xyxy")),
    *(
        ("float32[?, 4]", "float32[?, 4]", boxes(one, **SHARES), boxes(other, 480, 640))
        for one in ORDERS
        for other in ORDERS
    ),
    *(
        ("float32[?, 4]", "float32[?, 4]", boxes(one), boxes(other))
        for one in ORDERS
        for other in ORDERS
        if one != other
    ),
    ("float64[?, 3, 4]", "float64[?, 3, 4]", boxes("xywh", 480, 640), boxes("yxyx", **SHARES)),
    ("float32[4]", "float32[4]", boxes("xyxy", 480, 640), boxes("xyxy", 240, 320)),
    ("ragged float32[?, None, 4]", "ragged float32[?, None, 4]", boxes("yxyx"), boxes("xyxy")),
    ("ragged float32[?, None, 4]", "ragged float32[?, None, 4]", boxes("xyxy", **SHARES), boxes("cxcywh", 480, 640)),
    ("ragged float32[?, None, 3, 4]", "ragged float32[?, None, 3, 4]", boxes("xywh"), boxes("yxyx")),
]

# One box, written in each order: of an image of 100 by 200 pixels, from y 10 to 30 and from x 50 to 150.
WRITTEN = {
    "yxyx": [10, 50, 30, 150],
    "xyxy": [50, 10, 150, 30],
    "xywh": [50, 10, 100, 20],
    "cxcywh": [100, 20, 100, 20],
}
SHARE = {
    "yxyx": [0.1, 0.25, 0.3, 0.75],
    "xyxy": [0.25, 0.1, 0.75, 0.3],
    "xywh": [0.25, 0.1, 0.5, 0.2],
    "cxcywh": [0.5, 0.2, 0.5, 0.2],
}


def spec(text, facts):
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


@pytest.mark.parametrize("one", ORDERS)
@pytest.mark.parametrize("other", ORDERS)
def test_a_box_is_the_same_box_in_every_format(one, other):
    pixels, shares = (spec("float32[?, 4]", facts) for facts in (boxes(one, 100, 200), boxes(other, **SHARES)))
    (step,) = convert_boxes.propose(pixels, shares)
    made = convert_boxes.reference(pixels, step, np.array([WRITTEN[one]], np.float32))
    np.testing.assert_allclose(made, [SHARE[other]], rtol=1e-6)
    assert step.result.facts.boxes == Boxes(order=other, unit="normalized")
    (back,) = convert_boxes.propose(shares, pixels)
    np.testing.assert_allclose(
        convert_boxes.reference(shares, back, np.array([SHARE[other]], np.float32)), [WRITTEN[one]], rtol=1e-6
    )


def test_another_order_of_corners_is_exact_for_stored_numbers_too(propose):
    facts = {"quantization": {"scale": 0.01, "zero_point": 3}}
    (step,) = propose("convert_boxes", "uint8[?, 4]", "uint8[?, 4]", boxes("yxyx") | facts, boxes("xyxy") | facts)
    assert (step.loss, step.cost.meaning) == ("exact", (0, 0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (boxes("xyxy", unit="pixels"), boxes("xyxy", **SHARES)),
        (boxes("xyxy", unit="pixels", image="image"), boxes("xyxy", **SHARES)),
        (boxes("xyxy", 480, 640) | {"padding": {"value": -1}}, boxes("xyxy", **SHARES)),
        (boxes("xyxy", 480, 640) | {"normalization": {"mean": 1, "std": 2}}, boxes("xyxy", **SHARES)),
    ],
)
def test_what_cannot_be_told_is_not_converted(propose, ours, theirs):
    assert propose("convert_boxes", "float32[?, 4]", "float32[?, 4]", ours, theirs) == []


def test_a_unit_that_nobody_says_stays_open():
    outcome = search(spec("float32[?, 4]", boxes("yxyx")), spec("float32[?, 4]", boxes("xyxy", **SHARES)))
    assert (outcome.verdict, str(outcome.plan)) == ("adapts", "convert_boxes(from=yxyx, to=xyxy)")
    assert outcome.plan.steps[-1].result.facts.boxes == Boxes(order="xyxy")


def test_whole_numbers_become_floats_first():
    ends = spec("int32[?, 4]", boxes("xywh", 480, 640)), spec("float32[?, 4]", boxes("yxyx", **SHARES))
    outcome = search(*ends)
    assert [step.transform for step in outcome.plan.steps] == ["cast", "convert_boxes"]


def test_stored_boxes_are_written_out_first():
    stored = boxes("yxyx", **SHARES) | {"quantization": {"scale": 0.005, "zero_point": 0}}
    outcome = search(spec("uint8[?, 4]", stored), spec("float32[?, 4]", boxes("xywh", 480, 640)))
    assert [step.transform for step in outcome.plan.steps] == ["dequantize", "convert_boxes"]


@pytest.mark.parametrize("theirs", [boxes("xyxy", **SHARES), boxes("xyxy"), {}])
def test_ranges_scale_no_boxes(theirs):
    """[0, 640] to [0, 1] by one factor gives heights that are shares of the width."""
    given = spec("float32[?, 4]", boxes("xyxy", unit="pixels") | {"range": [0, 640]})
    outcome = search(given, spec("float32[?, 4]", theirs | {"range": [0, 1]}))
    assert outcome.plan is None or "scale" not in [step.transform for step in outcome.plan.steps]


def test_coordinates_are_moved_to_no_other_axis():
    outcome = search(spec("float32[?, 4, 100]", {}), spec("float32[?, 100, 4]", boxes("xyxy")))
    assert [step.transform for step in outcome.plan.steps] == ["transpose"]
    turned = search(spec("float32[?, 4, 100]", boxes("xyxy")), spec("float32[?, 100, 4]", boxes("xyxy")))
    assert turned.plan is None


def test_of_a_consumer_that_declares_no_boxes_they_are_numbers():
    flat = search(spec("float32[?, 100, 4]", boxes("xyxy")), spec("float32[?, 400]", {}))
    assert (flat.verdict, flat.plan.steps[-1].result.facts.boxes) == ("adapts", None)
