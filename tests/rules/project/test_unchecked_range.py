from __future__ import annotations

import pytest

from sigcheck.planning.matching import feed
from sigcheck.planning.unchecked import list_unchecked
from sigcheck.rules.project import unchecked_range
from sigcheck.rules.views.project import ProjectView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint


@pytest.fixture
def levels(match, step, link):
    """The findings of a link of one binding, planned by one cast where the dtypes differ."""

    def run(provided, required, gives=None, wants=None, verdict=None):
        kept = {name: value for name, value in (gives or {}).items() if name not in {"id_count", "quantization"}}
        steps = [] if provided == required else [step("cast", required, facts=kept, dtype=required.partition("[")[0])]
        verdict = verdict or ("fits" if provided == required else "adapts")
        bindings = match(provided, required, *steps, verdict=verdict, gives=gives, wants=wants).bindings
        check = {"verdict": verdict, "bindings": bindings, "unchecked": list_unchecked(bindings)}
        found = unchecked_range.find(ProjectView(links=(link("a", "b", check=check),)))
        return [f"{one.finding.level} {one.finding.place}: {one.finding.message}" for one in found]

    return run


def test_a_range_that_both_know_is_compared(levels):
    assert levels("float32[?]", "float32[?]", {"range": [0, 1]}, {"range": [0, 1]}) == []


@pytest.mark.parametrize(
    ("gives", "wants", "told"),
    [
        ({}, {}, "not declared"),
        ({"range": [0, 1]}, {}, "not declared by the consumer"),
        ({}, {"range": [0, 1]}, "not declared by the producer"),
    ],
)
def test_a_range_that_one_or_none_knows(levels, gives, wants, told):
    assert levels("float32[?]", "float32[?]", gives, wants) == [f"note x: the value range is {told}"]


@pytest.mark.parametrize(
    ("provided", "required", "gives", "wants", "level"),
    [
        ("uint8[?]", "float32[?]", {}, {}, "warning"),
        ("int64[?]", "float16[?]", {}, {}, "warning"),
        ("uint8[?]", "float32[?]", {}, {"range": [0, 1]}, "warning"),
        ("uint8[?]", "float32[?]", {"range": [0, 255]}, {}, "warning"),
        ("uint8[?]", "float32[?]", {}, {"range": [0, 255]}, "note"),
        ("int32[?]", "float32[?]", {"meaning": "token_ids"}, {}, "note"),
        ("int32[?]", "float32[?]", {}, {"meaning": "mask"}, "note"),
        ("int32[?]", "float32[?]", {"id_count": 9}, {}, "note"),
        ("int8[?]", "float32[?]", {"quantization": {"scale": [0.5], "zero_point": [0]}}, {}, "note"),
        ("uint8[?]", "int32[?]", {}, {}, "note"),
        ("float64[?]", "float32[?]", {}, {}, "note"),
    ],
)
def test_whole_numbers_that_become_floats(levels, provided, required, gives, wants, level):
    (found,) = levels(provided, required, gives, wants)
    assert found.startswith(f"{level} x: ")
    assert found.startswith("warning x: whole numbers become") == (level == "warning")


def test_where_a_link_does_not_pass_that_is_told(levels):
    assert levels("uint8[?]", "float32[?]", verdict="blocked") == []


def told(link, inputs, bind, **outputs):
    """Level, message and help of what a link of these outputs by this bind leaves unchecked."""
    given = [Endpoint(name=name, spec=parse_spec(spec)) for name, spec in outputs.items()]
    taken = [Endpoint(name=name, spec=parse_spec(spec)) for name, spec in inputs.items()]
    matched = feed(given, taken, bind)
    check = {"verdict": "adapts", "bindings": matched.bindings, "unchecked": list_unchecked(matched.bindings)}
    found = unchecked_range.find(ProjectView(links=(link("a", "b", check=check),)))
    return [(one.finding.level, one.finding.message, one.finding.help) for one in found]


def test_lengths_of_rows_are_no_numbers_of_them(link):
    rows = {"x": "ragged float32[?, None]"}
    (found,) = told(link, rows, {"ragged_by_lengths(values, lengths)": "x"}, values="float32[?]", lengths="int64[?]")
    cure = "declare range of values at a and of x at b, in the config"
    assert found == ("note", "the value range is not declared", cure)


def test_an_output_that_only_gives_sizes_is_not_asked_for_its_range(link):
    ids = {"p": "int32[?, 8]"}
    (found,) = told(link, ids, {"range(ids, axis=1)": "p"}, ids="int32[?, 8]")
    assert found[2] == "declare range of p at b, in the config"


def test_of_a_constant_nothing_is_unchecked(link):
    assert told(link, {"m": "int32[?, 8]"}, {"constant(1, ids)": "m"}, ids="int32[?, 8]") == []
