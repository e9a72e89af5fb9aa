from __future__ import annotations

import sigcheck
from sigcheck.rules.match import misplaced_boxes

SIDES = tuple({"image": f"float32[?, {size}, {size}, 3]", "boxes": "float32[?, 1, 4]"} for size in (16, 32))


def check(boxes, wanted=None):
    facts = {
        "producer": {"boxes": {"boxes": boxes}},
        "consumer": {"image": {"padding": {"value": 0}}, "boxes": {"boxes": wanted or boxes}},
    }
    report = sigcheck.check(*SIDES, facts=facts, verify="typed")
    return report, [one for one in report.findings if one.rule == misplaced_boxes.NAME]


def test_shares_beside_a_picture_that_is_filled_up_are_told():
    report, (finding,) = check("yxyx normalized")
    assert (report.verdict, finding.place, finding.level) == ("undecided", "boxes", "error")
    assert finding.message == (
        "it gets its boxes of the picture as it was, and image the picture with another lower right edge"
    )
    assert finding.help == "bring the picture to the required size in the producer, where the boxes are made"
    assert "misplaced_rows" not in {one.rule for one in report.findings}


def test_a_unit_that_nobody_says_is_asked_for_and_settles_it():
    _, (finding,) = check("yxyx")
    assert finding.help.startswith(
        "declare of what they are, with --fact 'consumer.boxes.boxes=yxyx normalized' or --fact "
        "'consumer.boxes.boxes=yxyx pixels'; else "
    )
    report, told = check("yxyx", "yxyx pixels")
    assert (report.verdict, told) == ("adapts", [])
