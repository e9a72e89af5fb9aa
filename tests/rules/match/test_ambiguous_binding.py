from __future__ import annotations

import pytest

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
    assert finding.help == "say which with --bind output_0=query, if it is the one: no name says so"
    assert finding.required == "query: float32[?, 64]"
    assert finding.provided == "output_0: float32[?, 64] or output_1: float32[?, 64]"


def test_hundreds_are_not_all_named():
    match = MatchView(SIDE, SIDE, ambiguous=(("x", tuple(f"o{at}" for at in range(300))),))
    (finding,) = ambiguous_binding.find(match)
    assert finding.message == "300 outputs fit equally well: o0, o1, o2, o3, o4 and 295 more"


def helps(outputs, inputs):
    given, taken = (
        tuple(Endpoint(name=one, spec=parse_spec(spec)) for one, spec in ends) for ends in (outputs, inputs)
    )
    names = tuple(one.name for one in given)
    match = MatchView(SIDE, SIDE, outputs=given, inputs=taken, ambiguous=tuple((one.name, names) for one in taken))
    told = [one.help.removeprefix("say which with --bind ") for one in ambiguous_binding.find(match)]
    return [one.replace(", if it is the one: no name says so", "?") for one in told]


@pytest.mark.parametrize(
    ("outputs", "inputs", "told"),
    [
        # What is followed word by word feeds no input with what another is fed.
        (("b", "a"), ("first", "second"), ["b=first?", "a=second?"]),
        (("output_0", "output_1"), ("input_1", "input_2"), ["output_0=input_1?", "output_1=input_2?"]),
        (("h", "c"), ("state_c", "state_h"), ["c=state_c", "h=state_h"]),
        (("enc/a", "enc/b"), ("b", "a"), ["enc/b=b", "enc/a=a"]),
        (
            ("input_ids", "attention_mask"),
            ("input_mask", "input_word_ids"),
            ["attention_mask=input_mask", "input_ids=input_word_ids"],
        ),
        (("a", "b"), ("v", "w", "u"), ["a=v?", "b=w?", "OUT=u"]),
    ],
)
def test_each_input_is_told_an_output_of_its_own_of_the_nearest_name(outputs, inputs, told):
    assert helps([(one, "int32[?, 8]") for one in outputs], [(one, "int32[?, 8]") for one in inputs]) == told


def test_what_is_of_its_type_comes_before_what_would_be_turned_into_it():
    ends = [("one", "float32[1, 1, 512]"), ("other", "float32[1, 512]")]
    assert helps(ends, [("v", "float32[1, 512]"), ("w", "float32[1, 1, 512]")]) == ["other=v", "one=w"]
