from __future__ import annotations

from sigcheck.rules.match import missing_input
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint

SIDE = Side(source="a", reader="keras", key="default")
MASK = Endpoint(name="mask", spec=parse_spec("int32[?, 128]"))


def unused(*names):
    return tuple(Endpoint(name=name, spec=MASK.spec) for name in names)


def test_an_input_without_output_is_an_error():
    (finding,) = missing_input.find(MatchView(SIDE, SIDE, missing=(MASK,)))
    assert (finding.level, finding.place, finding.required) == ("error", "mask", "mask: int32[?, 128]")
    assert finding.help.startswith("the producer has no output left")


def test_the_nearest_name_is_offered():
    (finding,) = missing_input.find(MatchView(SIDE, SIDE, missing=(MASK,), unused=unused("other", "masks")))
    assert finding.help == "bind the output of the nearest name with --bind masks=mask"


def test_else_what_is_left_over_is_named():
    (finding,) = missing_input.find(MatchView(SIDE, SIDE, missing=(MASK,), unused=unused(*"abcdefg")))
    assert finding.help == "bind one with --bind OUT=mask; left over: a, b, c, d, e and 2 more"
