from __future__ import annotations

from sigcheck.rules.match import metadata_contradicts_graph as rule

CLAIM = {"name": "range", "value": [0, 1], "tier": "proved", "reason": "Logistic"}


def test_metadata_that_is_wrong(seen):
    (finding,) = rule.find(seen([CLAIM], [], gives={"range": (0, 255)}, origin="read"))
    assert (finding.level, finding.place) == ("warning", "out")
    assert finding.message == "read range [0, 255], the graph gives [0, 1] (Logistic)"


def test_metadata_that_is_right_or_declared_anew(seen):
    assert not list(rule.find(seen([CLAIM], [], gives={"range": (0, 1)}, origin="read")))
    assert not list(rule.find(seen([CLAIM], [], gives={"range": (0, 255)}, origin="declared")))
