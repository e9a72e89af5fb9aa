from __future__ import annotations

import pytest

SHARES, PIXELS = {"boxes": "yxyx normalized"}, {"boxes": {"order": "xyxy", "unit": "pixels", "size": [480, 640]}}


def test_boxes_of_another_format_are_a_warning_where_a_plan_converts(found, step):
    convert = step("convert_boxes", "float32[?, 9, 4]", facts=PIXELS)
    told = found("float32[?, 9, 4]", "float32[?, 9, 4]", convert, gives=SHARES, wants=PIXELS)
    assert told == ["warning box_format_mismatch"]


@pytest.mark.parametrize(
    ("spec", "gives", "said", "cure"),
    [
        ("float32[?, 9, 4]", SHARES, "yxyx normalized", "declare the size of the image"),
        ("float32[?, 9, 4]", {"boxes": "cxcywh pixels"}, "cxcywh in pixels", "only floats are converted"),
    ],
)
def test_where_nothing_converts_it_is_an_error(only, spec, gives, said, cure):
    wants = {"boxes": {"order": "xyxy", "unit": "pixels"}}
    finding = only(spec, spec, gives=gives, wants=wants)
    assert (finding.level, finding.rule) == ("error", "box_format_mismatch")
    assert finding.message == f"required boxes xyxy in pixels, provided {said}"


def test_what_fills_rows_is_no_box_to_convert(only):
    gives, wants = ({"boxes": boxes, "padding": {"value": -1}} for boxes in ("xyxy normalized", "cxcywh normalized"))
    finding = only("float32[?, 9, 4]", "float32[?, 9, 4]", gives=gives, wants=wants)
    assert "fill rows with 0" in finding.help


@pytest.mark.parametrize("wants", [{"boxes": "yxyx"}, SHARES, {}])
def test_what_agrees_as_far_as_it_is_known_is_no_other_format(found, wants):
    assert "box_format_mismatch" not in found("float32[?, 9, 4]", "float32[?, 9, 4]", gives=SHARES, wants=wants)
