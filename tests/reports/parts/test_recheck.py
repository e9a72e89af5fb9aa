from __future__ import annotations

import json

from sigcheck.reports.parts.page import Page
from sigcheck.reports.parts.recheck import render_json, render_text
from sigcheck.schema.certificate import Change, Recheck
from sigcheck.schema.report import Verification

CHANGED = Recheck(
    adapter="scale.py",
    certified="executed",
    certified_cases=24,
    verification=Verification(level="traced", seeds=(1,)),
    changes=(
        Change(what="level", level="error", message="traced only\x1b[31m"),
        Change(what="numpy", level="note", message="2.0.0, certified with 1.26.4"),
    ),
)


def test_what_changed_stands_below_what_was_and_is_proved():
    assert render_text(CHANGED).splitlines() == [
        "scale.py: its certificate does not hold",
        "  certified  executed, 24 cases",
        "  now        traced, 0 cases",
        "  level: error: traced only\\x1b[31m",
        "  numpy: note: 2.0.0, certified with 1.26.4",
    ]


def test_quiet_leaves_the_errors():
    assert render_text(CHANGED, Page(is_quiet=True)) == "  level: error: traced only\\x1b[31m"


def test_colours_are_for_levels_and_the_answer():
    text = render_text(CHANGED, Page(has_colour=True))
    assert text.count("\x1b[31") >= 2


def test_json_has_the_answer_and_no_seeds():
    written = json.loads(render_json(CHANGED))
    assert list(written) == [
        "schema_version",
        "adapter",
        "certified",
        "certified_cases",
        "verification",
        "changes",
        "holds",
    ]
    assert written["holds"] is False
    assert "seeds" not in written["verification"]
