from __future__ import annotations

import pytest
from pydantic import ValidationError

from sigcheck.schema.agreement import undeclared
from sigcheck.schema.box_agreement import differ, is_open_box, ratio
from sigcheck.schema.facts import Boxes, Facts
from sigcheck.schema.notation import parse_spec

SHARES, PIXELS = {"order": "xyxy", "unit": "normalized"}, {"order": "xyxy", "unit": "pixels"}
SIZED, OTHER = PIXELS | {"size": (480, 640)}, PIXELS | {"size": (300, 300)}


@pytest.mark.parametrize(
    ("ours", "theirs", "is_other", "is_open", "factors"),
    [
        ("xyxy", "xyxy", False, False, ((1, 1), (1, 1))),
        ("xyxy", "yxyx", True, False, ((1, 1), (1, 1))),
        ("xyxy", SHARES, False, True, ((1, 1), (1, 1))),
        (SHARES, PIXELS, True, False, None),
        (SHARES, SIZED, True, False, ((480, 1), (640, 1))),
        (SIZED, OTHER, True, False, ((300, 480), (300, 640))),
        (PIXELS, PIXELS, False, False, ((1, 1), (1, 1))),
        (PIXELS, SIZED, False, True, ((1, 1), (1, 1))),
        (PIXELS | {"image": "a"}, PIXELS | {"image": "b"}, False, True, ((1, 1), (1, 1))),
    ],
)
def test_what_differs_what_is_open_and_what_is_between_them(ours, theirs, is_other, is_open, factors):
    one, other = Boxes.model_validate(ours), Boxes.model_validate(theirs)
    assert (differ(one, other), is_open_box(one, other), ratio(one, other)) == (is_other, is_open, factors)


def test_a_declaration_of_one_side_is_not_compared():
    told = Boxes.model_validate("xyxy")
    assert (is_open_box(told, None), is_open_box(None, None)) == (True, False)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("yx", "order"),
        ("yxyx pixel", "unit"),
        ("yxyx in pixels", "expected an order and a unit"),
        ("", "order"),
        (SHARES | {"size": (480, 640)}, "only boxes in pixels"),
        ({"order": "xyxy", "image": "a"}, "only boxes in pixels"),
        (PIXELS | {"size": (480, 0)}, "greater than 0"),
        (PIXELS | {"size": (480,)}, "size"),
    ],
)
def test_what_is_no_declaration_of_boxes_is_refused(written, problem):
    with pytest.raises(ValidationError, match=problem):
        Boxes.model_validate(written)


def test_of_boxes_on_both_sides_the_range_is_no_question():
    spec = parse_spec("float32[?, 4]").replace(facts=Facts.model_validate({"boxes": SHARES}))
    assert undeclared(spec, spec) == ()
    assert undeclared(spec, spec.replace(facts=Facts())) == ("range", "boxes")
