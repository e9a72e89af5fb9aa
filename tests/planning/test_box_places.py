"""Boxes are of the picture beside them, or it is said that they are not: shown on one that is drawn and found."""

from __future__ import annotations

import numpy as np
import pytest

import sigcheck
from sigcheck import Policy

NAMED = {"axes": ["batch", "height", "width", "channel"]}
BEHIND, FRONT = ({**NAMED, "padding": {"value": 0, "side": side}} for side in ("post", "pre"))
SHARES, UNKNOWN = {"boxes": "yxyx normalized"}, {"boxes": "yxyx"}
SMALL, LARGE = "float32[?, 16, 16, 3]", "float32[?, 32, 32, 3]"


def pixels(*size):
    return {"boxes": {"order": "yxyx", "unit": "pixels", **({"size": list(size)} if size else {})}}


def check(ours, theirs, filled=BEHIND, *, given=SMALL, wanted=LARGE, policy=None):
    producer, consumer = ({"image": one, "boxes": "float32[?, 1, 4]"} for one in (given, wanted))
    facts = {"producer": {"image": NAMED, "boxes": ours}, "consumer": {"image": filled, "boxes": theirs}}
    return sigcheck.check(producer, consumer, facts=facts, policy=policy, verify="typed")


def found(picture):
    """Where the bright box of a picture is, in its pixels."""
    lit = picture[0, :, :, 0] > 0.5
    rows, columns = np.flatnonzero(lit.any(1)), np.flatnonzero(lit.any(0))
    return [rows[0], columns[0], rows[-1] + 1, columns[-1] + 1]


@pytest.mark.tensorflow
@pytest.mark.parametrize("filled", [NAMED, BEHIND, FRONT])
@pytest.mark.parametrize("theirs", [SHARES, pixels(), pixels(32, 32), pixels(16, 16)])
@pytest.mark.parametrize("ours", [SHARES, pixels(), pixels(16, 16), pixels(32, 32)])
def test_what_passes_is_where_the_box_is(ours, theirs, filled):
    """Drawn where the producer says it is; pixels without a size are those of the picture beside them."""
    import tensorflow as tf

    report = check(ours, theirs, filled)
    size = 1 if ours is SHARES else (ours["boxes"].get("size") or [16])[0]
    # A box of pixels of another picture than the one that is given is of the one that it becomes.
    if report.adapter is None or (size == 32 and filled is not NAMED):
        return
    picture = np.zeros((1, 16, 16, 3), np.float32)
    picture[0, 4:8, 6:12] = 1
    box = np.array([[[4, 6, 8, 12]]], np.float32) * (size / 16)
    made = report.adapter({"image": tf.constant(picture), "boxes": tf.constant(box)})
    wanted = np.array(found(made["image"].numpy()), np.float32)
    to = 1 if theirs is SHARES else (theirs["boxes"].get("size") or [32])[0]
    # What is counted on a picture that is filled up behind is where it was.
    scale = 1 if filled is BEHIND and to == 16 else to / 32
    np.testing.assert_allclose(made["boxes"].numpy()[0, 0], wanted * scale, atol=1e-4)


@pytest.mark.parametrize(
    ("ours", "theirs", "filled", "passes"),
    [
        (SHARES, SHARES, BEHIND, False),
        (SHARES, SHARES, NAMED, True),
        (pixels(), pixels(), BEHIND, True),
        (pixels(), pixels(), FRONT, False),
        (pixels(), pixels(), NAMED, False),
        (pixels(16, 16), pixels(32, 32), NAMED, True),
        (pixels(16, 16), pixels(32, 32), BEHIND, False),
        (pixels(16, 16), SHARES, BEHIND, False),
        (pixels(32, 32), SHARES, BEHIND, True),
        (SHARES, pixels(32, 32), BEHIND, False),
        (SHARES, pixels(16, 16), BEHIND, True),
        (UNKNOWN, UNKNOWN, NAMED, False),
        (UNKNOWN, SHARES, NAMED, True),
    ],
)
def test_units_and_sizes_say_which_boxes_stay_right(ours, theirs, filled, passes):
    assert (check(ours, theirs, filled).verdict in {"fits", "adapts", "guarded"}) is passes


@pytest.mark.parametrize("given", ["float32[?, ?, ?, 3]", "float32[?, 16, 32, 3]"])
def test_a_picture_of_open_size_is_filled_up_as_well(given):
    assert check(SHARES, SHARES, given=given).verdict == "undecided"


def test_a_middle_that_is_cut_out_has_other_boxes():
    policy = Policy(loss="truncating", allow=("crop",))
    assert check(SHARES, SHARES, NAMED, given=LARGE, wanted=SMALL, policy=policy).verdict == "undecided"
    assert check(pixels(), pixels(), NAMED, given=LARGE, wanted=SMALL, policy=policy).verdict == "undecided"


def test_a_picture_that_no_name_tells_is_one_by_its_sizes():
    for layout in ("?, {0}, {0}, 3", "?, 3, {0}, {0}"):
        given, wanted = (f"float32[{layout.format(size)}]" for size in (16, 32))
        facts = {"producer": {"boxes": SHARES}, "consumer": {"boxes": SHARES, "image": {"padding": {"value": 0}}}}
        producer, consumer = ({"image": one, "boxes": "float32[?, 1, 4]"} for one in (given, wanted))
        assert sigcheck.check(producer, consumer, facts=facts, verify="typed").verdict == "undecided"


def test_boxes_may_be_of_a_picture_that_stays():
    producer = {"image": SMALL, "view": SMALL, "boxes": "float32[?, 1, 4]"}
    consumer = {"image": LARGE, "view": SMALL, "boxes": "float32[?, 1, 4]"}
    facts = {"producer": {"boxes": SHARES}, "consumer": {"image": BEHIND, "boxes": SHARES}}
    assert sigcheck.check(producer, consumer, facts=facts, verify="typed").verdict == "adapts"


def test_what_is_filled_up_and_no_picture_has_no_boxes():
    producer, consumer = ({"rows": f"float32[?, {size}, 7]", "boxes": "float32[?, 1, 4]"} for size in (16, 32))
    facts = {"producer": {"boxes": SHARES}, "consumer": {"rows": {"padding": {"value": 0}}, "boxes": SHARES}}
    assert sigcheck.check(producer, consumer, facts=facts, verify="typed").verdict == "adapts"
