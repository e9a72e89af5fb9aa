from __future__ import annotations

import numpy as np
import pytest

from sigcheck.junctions import scale_boxes
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec

LAST = {"axes": ["batch", "height", "width", "channel"]}
FIRST = {"axes": ["batch", "channel", "height", "width"]}
SHARES, PIXELS = {"boxes": "yxyx normalized"}, {"boxes": {"order": "xyxy", "unit": "pixels", "image": "image"}}
CASES = [
    ([("float32[?, 9, 4]", SHARES), ("float32[?, ?, ?, 3]", LAST)], [("float32[?, 9, 4]", PIXELS)], None),
    ([("float64[?, 4]", PIXELS), ("uint8[?, 3, ?, 20]", FIRST)], [("float32[?, 4]", SHARES)], None),
    (
        [("float32[?, 4]", {"boxes": "cxcywh normalized"}), ("uint8[?, 7, ?, 1]", LAST)],
        [("float32[?, 4]", PIXELS)],
        None,
    ),
]


def spec(text, facts=None):
    return parse_spec(text).replace(facts=Facts.model_validate(facts or {}))


def join(boxes, image, required):
    (step,) = scale_boxes.join([spec(*boxes), spec(*image)], [spec(*required)], None)
    return step


def test_each_coordinate_is_counted_along_its_own_axis():
    boxes, image, required = ("float32[?, 4]", SHARES), ("uint8[?, ?, ?, 3]", LAST), ("float32[?, 4]", PIXELS)
    step = join(boxes, image, required)
    assert (step.loss, step.result.facts.boxes.unit, step.result.facts.boxes.order) == ("rounding", "pixels", "yxyx")
    values = [np.array([[0.1, 0.2, 0.5, 1.0]], np.float32), np.zeros((1, 100, 200, 3), np.uint8)]
    made = scale_boxes.reference([spec(*boxes), spec(*image)], step, values)
    np.testing.assert_array_equal(made, np.float32([[0.1, 0.2, 0.5, 1.0]]) * np.float32([100, 200, 100, 200]))
    code = scale_boxes.emit([spec(*boxes), spec(*image)], step, ["b", "i"])
    assert code.expression == "b * tf.cast(tf.gather(tf.shape(i), [1, 2, 1, 2], axis=0), tf.float32)"


def test_pixels_become_shares_of_the_image():
    boxes, image = ("float32[?, 4]", PIXELS), ("uint8[?, 3, ?, ?]", FIRST)
    step = join(boxes, image, ("float32[?, 4]", SHARES))
    values = [np.array([[20, 10, 200, 50]], np.float32), np.zeros((1, 3, 100, 200), np.uint8)]
    made = scale_boxes.reference([spec(*boxes), spec(*image)], step, values)
    np.testing.assert_array_equal(made, np.float32([[0.1, 0.1, 1.0, 0.5]]))


@pytest.mark.parametrize(
    ("boxes", "image", "required", "said"),
    [
        (("float32[?, 4]",), ("uint8[?, ?, ?, 3]", LAST), ("float32[?, 4]", PIXELS), "unit of the boxes that are g"),
        (("float32[?, 4]", SHARES), ("uint8[?, ?, ?, 3]", LAST), ("float32[?, 4]",), "unit of the boxes that are t"),
        (("float32[?, 4]", SHARES), ("uint8[?, ?, ?, 3]", LAST), ("float32[?, 4]", SHARES), "count boxes in one unit"),
        (("float32[?, 4]", SHARES), ("uint8[?, ?, ?, 3]",), ("float32[?, 4]", PIXELS), "nothing names the axes height"),
        (("int32[?, 4]", SHARES), ("uint8[?, ?, ?, 3]", LAST), ("float32[?, 4]", PIXELS), "expected boxes of floats"),
    ],
)
def test_what_is_missing_is_named(boxes, image, required, said):
    with pytest.raises(JunctionError, match=said):
        join(boxes, image, required)
