from __future__ import annotations

from sigcheck.rules.match import unused_output
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint

SIDE = Side(source="a", reader="keras", key="default")


def test_an_output_without_input_is_a_note():
    left = Endpoint(name="attention", spec=parse_spec("float32[?, 12]"))
    (finding,) = unused_output.find(MatchView(SIDE, SIDE, unused=(left,)))
    assert (finding.level, finding.place, finding.provided) == ("note", "attention", "attention: float32[?, 12]")
    # Which input is meant nobody knows: nothing is printed that could be pasted and would fail.
    assert "--bind" not in finding.help
