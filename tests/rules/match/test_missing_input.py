from __future__ import annotations

import pytest

from sigcheck.rules.match import missing_input
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.passed import Passed
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


def test_what_does_not_lead_there_is_not_offered():
    left = (Endpoint(name="masks", spec=parse_spec("string[?]")),)
    (finding,) = missing_input.find(MatchView(SIDE, SIDE, missing=(MASK,), unused=left))
    assert finding.help == (
        "no output that is left over leads there; name another producer beside it (A B -- C), or where it is one "
        "value for all, tell it with --const mask=VALUE"
    )


def test_class_ids_are_no_candidate_for_a_picture():
    ids = parse_spec("float32[?, 192]").replace(facts=Facts(meaning="class_ids"))
    image = Endpoint(name="image", spec=parse_spec("float32[?, 8, 8, 3]"))
    left = (Endpoint(name="ids", spec=ids), Endpoint(name="features", spec=parse_spec("float32[?, 192]")))
    (finding,) = missing_input.find(MatchView(SIDE, SIDE, missing=(image,), unused=left))
    assert finding.help == "bind one with --bind features=image"


def test_inputs_that_one_output_fits_are_told_where_it_goes():
    inputs = tuple(Endpoint(name=name, spec=MASK.spec) for name in ("input_mask", "ids"))
    view = MatchView(SIDE, SIDE, missing=inputs, contested=(("pieces", ("ids", "input_mask")),))
    mask, ids = missing_input.find(view)
    assert ids.help.endswith("where it is meant, say so with --bind pieces=ids")
    assert mask.help.endswith("once it is bound to one, feed input_mask from elsewhere")


def test_else_what_is_left_over_is_named():
    (finding,) = missing_input.find(MatchView(SIDE, SIDE, missing=(MASK,), unused=unused(*"abcdefg")))
    assert finding.help == "bind one with --bind a=mask; left over are a, b, c, d, e and 2 more"


ROWS = Endpoint(name="x", spec=parse_spec("ragged int32[?, None]"))
VALUES = Endpoint(name="v", spec=parse_spec("int32[?]"))
LENGTHS = Endpoint(name="n", spec=parse_spec("int64[?]").replace(facts=Facts(meaning="lengths")))


@pytest.mark.parametrize(("left", "is_told"), [((VALUES, LENGTHS), True), ((VALUES,), True), ((LENGTHS,), False)])
def test_rows_are_made_of_values_that_are_left_and_of_lengths_wherever_they_go(left, is_told):
    (finding,) = missing_input.find(MatchView(SIDE, SIDE, (VALUES, LENGTHS), missing=(ROWS,), unused=left))
    told = "v and n are it, taken apart: say so with --bind 'ragged_by_lengths(v, n)=x'"
    assert (finding.help == told) is is_told


def pictures_fed(*fed):
    image = Endpoint(name="image", spec=parse_spec("float32[?, ?, ?, 3]"))
    passed = tuple(
        Passed(model=0, tensor=name, end="inputs", endpoint=Endpoint(name=f"input.{name}", spec=parse_spec(spec)))
        for name, spec in fed
    )
    (finding,) = missing_input.find(MatchView(SIDE, SIDE, missing=(image,), passed=passed))
    return finding.help


def test_the_one_picture_that_the_producer_is_fed_is_passed_on():
    told = pictures_fed(("input_tensor", "uint8[1, ?, ?, 3]"), ("threshold", "float32[]"))
    assert told.endswith("pass it on with --bind input.input_tensor=image")


def test_of_two_pictures_none_is():
    assert "pass it on" not in pictures_fed(("left", "uint8[1, ?, ?, 3]"), ("right", "uint8[1, ?, ?, 3]"))
