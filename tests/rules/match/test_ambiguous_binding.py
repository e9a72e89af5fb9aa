from __future__ import annotations

from sigcheck.rules.match import ambiguous_binding
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint

SIDE = Side(source="a", reader="keras", key="default")
SPEC = parse_spec("float32[?, 64]")


def test_the_outputs_that_fit_are_named():
    match = MatchView(
        SIDE,
        SIDE,
        outputs=tuple(Endpoint(name=name, spec=SPEC) for name in ("output_0", "output_1")),
        inputs=(Endpoint(name="query", spec=SPEC),),
        ambiguous=(("query", ("output_0", "output_1")),),
    )
    (finding,) = ambiguous_binding.find(match)
    assert (finding.level, finding.place) == ("error", "query")
    assert finding.message == "2 outputs fit equally well: output_0, output_1"
    assert finding.help == "say which with --bind output_0=query"
    assert finding.required == "query: float32[?, 64]"
    assert finding.provided == "output_0: float32[?, 64] or output_1: float32[?, 64]"


def test_hundreds_are_not_all_named():
    match = MatchView(SIDE, SIDE, ambiguous=(("x", tuple(f"o{at}" for at in range(300))),))
    (finding,) = ambiguous_binding.find(match)
    assert finding.message == "300 outputs fit equally well: o0, o1, o2, o3, o4 and 295 more"
