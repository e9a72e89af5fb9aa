from __future__ import annotations

from sigcheck.rules.match import another_signature as rule
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.elsewhere import Elsewhere
from sigcheck.schema.report import Side


def side(source):
    return Side(source=source, reader="reader", key="serving_default")


def test_a_signature_that_would_do():
    found = (Elsewhere(source="clf#raw", verdict="fits"), Elsewhere(source="m/1#f@gpu", verdict="guarded"))
    told = list(rule.find(MatchView(side("m/1"), side("clf"), elsewhere=found)))
    assert [(one.level, one.place, one.message) for one in told] == [
        ("note", "clf#raw", "fits, where the signature serving_default is blocked"),
        ("note", "m/1#f@gpu", "needs an adapter, where the signature serving_default is blocked"),
    ]
    assert told[0].help == "name it: clf#raw in place of clf"
    assert told[1].help == "name it: m/1#f@gpu in place of m/1"


def test_nothing_to_tell():
    assert not list(rule.find(MatchView(side("a"), side("b"))))
