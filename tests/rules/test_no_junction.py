from __future__ import annotations

from sigcheck.planning.fans import Unjoined
from sigcheck.rules import find_all
from sigcheck.rules.rule import MatchView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint

SIDE = Side(source="a", reader="keras", key="default")


def test_what_differs_is_an_error_at_the_input():
    outputs = tuple(Endpoint(name=name, spec=parse_spec("float32[?, 2]")) for name in "abcdef")
    x = Endpoint(name="x", spec=parse_spec("float32[?, 9]"))
    unjoined = (Unjoined(outputs, (x,), problem="the sizes differ"),)
    (finding,) = find_all(MatchView(SIDE, SIDE, outputs, (x,), unjoined=unjoined))
    assert (finding.rule, finding.level, finding.place) == ("no_junction", "error", "x")
    assert (finding.message, finding.required) == ("the sizes differ", "x: float32[?, 9]")
    assert finding.provided.endswith("d: float32[?, 2] and 2 more")
