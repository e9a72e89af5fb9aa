"""Boxes in pixels of an image whose size only the run knows: read there, or the declaration that is wanted is named."""

from __future__ import annotations

import numpy as np
import pytest

import sigcheck

IMAGE = {"axes": ["batch", "height", "width", "channel"]}
SIDES = (
    {"image": "uint8[?, ?, ?, 3]", "found": "float32[?, 4]"},
    {"image": "uint8[?, ?, ?, 3]", "box": "float32[?, 4]"},
)
FACTS = {
    "producer": {"image": IMAGE, "found": {"boxes": "yxyx normalized"}},
    "consumer": {"image": IMAGE, "box": {"boxes": {"order": "xyxy", "unit": "pixels", "image": "image"}}},
}


def test_the_junction_that_reads_the_size_is_named_and_does_it():
    report = sigcheck.check(*SIDES, facts=FACTS, bind={"found": "box"}, verify="typed")
    assert report.exit_code == 1
    (finding,) = [one for one in report.findings if one.rule == "box_format_mismatch"]
    assert "--bind 'scale_boxes(found, image)=box'" in finding.help
    report = sigcheck.check(*SIDES, facts=FACTS, bind={"scale_boxes(found, image)": "box"}, verify="typed")
    assert (report.verdict, report.exit_code) == ("adapts", 0)
    given = {"image": np.zeros((2, 100, 200, 3), np.uint8), "found": np.float32([[0.1, 0.25, 0.5, 1.0]] * 2)}
    made = report.adapter.to_numpy()(given)
    np.testing.assert_allclose(made["box"], [[50, 10, 200, 50]] * 2, rtol=1e-6)
    np.testing.assert_array_equal(made["image"], given["image"])


def test_an_output_that_lacks_but_the_size_is_not_told_as_none():
    """It is not bound by itself among others, and yet it is what feeds the input."""
    producer = {**SIDES[0], "scores": "float32[?, 7]"}
    consumer = {**SIDES[1], "scores": "float32[?, 7]", "weights": "float32[?, 9]"}
    report = sigcheck.check(producer, consumer, facts=FACTS, verify="typed")
    (finding,) = [one for one in report.findings if one.place == "box" and one.level == "error"]
    assert "no output that is left over leads there" not in finding.help
    assert "scale_boxes(found, image)" in finding.help


@pytest.mark.parametrize("image", ["image", None])
def test_pixels_of_an_image_that_is_not_in_scope_want_its_size(image):
    boxes = {"order": "xyxy", "unit": "pixels", **({} if image is None else {"image": image})}
    sides = {"found": SIDES[0]["found"]}, {"box": SIDES[1]["box"], **({"image": SIDES[1]["image"]} if image else {})}
    facts = {"producer": {"found": {"boxes": "yxyx normalized"}}, "consumer": {"box": {"boxes": boxes}}}
    if image:
        facts["consumer"]["image"] = IMAGE
    report = sigcheck.check(*sides, facts=facts, bind={"found": "box"}, verify="typed")
    (finding,) = [one for one in report.findings if one.rule == "box_format_mismatch"]
    assert "declare the size of the image that the pixels are counted on, size = [HEIGHT, WIDTH]" in finding.help
