from __future__ import annotations

from sigcheck.planning.fans import Unjoined
from sigcheck.planning.told import read_told
from sigcheck.rules import find_all
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.junction import Junction
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint

SIDE = Side(source="a", reader="keras", key="default")
A, B = (Endpoint(name=name, spec=parse_spec("float32[?, 2]")) for name in "ab")


def found(inputs, *ways):
    return find_all(MatchView(SIDE, SIDE, (A, B), inputs, unjoined=(Unjoined((A, B), inputs, ways),)))


def test_the_ways_stand_side_by_side_with_the_line_that_declares_one():
    x = Endpoint(name="x", spec=parse_spec("float32[?, 2, 2]"))
    ways = [Junction(kind="stack", outputs=("a", "b"), axis=axis) for axis in (1, 2)]
    (finding,) = found((x,), *ways)
    assert (finding.rule, finding.level, finding.place) == ("ambiguous_junction", "error", "x")
    assert finding.message == (
        "2 junctions fit equally well and give different values: (1) stack(a, b, axis=1); (2) stack(a, b, axis=2)"
    )
    assert finding.help == "say which with --bind 'stack(a, b, axis=1)=x'"
    assert finding.provided == "a: float32[?, 2] and b: float32[?, 2]"


def test_a_way_that_an_output_is_called_like_is_told_in_quotes():
    named = Endpoint(name="stack(a, b, axis=1)", spec=A.spec)
    x = Endpoint(name="x", spec=parse_spec("float32[?, 2, 2]"))
    way = Junction(kind="stack", outputs=("a", "b"), axis=1)
    unjoined = Unjoined((A, B), (x,), (way,))
    (finding, *_) = find_all(MatchView(SIDE, SIDE, (A, B, named), (x,), unjoined=(unjoined,)))
    told = """stack("a", "b", axis=1)"""
    assert finding.help == f"say so with --bind '{told}=x'"
    ends = {one.name: one for one in (A, B, named)}
    assert read_told({told: "x"}, ends, {"x": x}).junctions == ((way, ("x",)),)
    assert read_told({str(way): "x"}, ends, {"x": x}).single == {"x": named.name}


def test_one_that_only_a_declaration_decides_is_asked_for_at_each_input():
    inputs = tuple(Endpoint(name=name, spec=parse_spec("float32[?, 1]")) for name in "xy")
    first, second = found(inputs, Junction(kind="split", outputs=("a",), axis=1))
    assert (first.place, second.place) == ("x", "y")
    assert first.message == "only a declaration says whether split(a, axis=1) is meant"
    assert first.help == "say so with --bind 'split(a, axis=1)=x' --bind 'split(a, axis=1)=y'"
