from __future__ import annotations

from sigcheck.rules.match import serving_contradicts_model as rule
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding
from sigcheck.schema.report import Side

SIDE = Side(source="m", reader="reader", key="default")


def finding(name):
    return Finding(rule=name, level="error", place="x", message="served as int32[], m takes float32[]", help="mend it")


def test_what_a_reader_found_is_told():
    own = finding(rule.NAME)
    assert list(rule.find(MatchView(SIDE, SIDE, contradictions=(finding("another"), own)))) == [own]


def test_sides_that_agree():
    assert not list(rule.find(MatchView(SIDE, SIDE)))
