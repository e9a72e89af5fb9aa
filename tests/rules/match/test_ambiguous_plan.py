from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import sigcheck
from sigcheck.planning.example import decide
from sigcheck.planning.search import search
from sigcheck.rules.match import ambiguous_plan
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint


def test_tied_plans_are_told_side_by_side(only, step):
    candidates = [
        (step("transpose", "float32[?, 3, ?, ?]", perm=[0, 3, 1, 2]),),
        (step("ensure_shape", "float32[?, 3, ?, 3]", guard="axis 1 is 3", shape=[None, 3, None, 3]),),
    ]
    finding = only("float32[?, ?, ?, 3]", "float32[?, 3, ?, ?]", candidates=candidates)
    assert (finding.level, finding.rule) == ("error", "ambiguous_plan")
    assert finding.message == (
        "2 plans are equally good and give different values: "
        "(1) transpose(perm=[0, 3, 1, 2]); (2) ensure_shape(shape=[?, 3, ?, 3])"
    )
    assert finding.help == (
        "declare the axes on both sides; (1) is --fact producer.out.axes=a,b,c,d "
        "and --fact consumer.x.axes=a,d,b,c, by any names"
    )


def test_where_one_fills_rows_padding_decides_too(only, step):
    candidates = [(step("pad", "float32[?, 9]"),), (step("resize", "float32[?, 9]"),)]
    finding = only("float32[?, 8]", "float32[?, 9]", candidates=candidates)
    assert "consumer.x.padding" in finding.help


def test_pictures_are_declared_by_the_names_of_their_axes(only, step):
    candidates = [(step("pad", "float32[?, 9, 9, 3]"),), (step("resize", "float32[?, 9, 9, 3]"),)]
    finding = only("float32[?, 8, 8, 3]", "float32[?, 9, 9, 3]", candidates=candidates)
    axes = "axes=batch,height,width,channel"
    assert f"--fact producer.out.{axes} and --fact consumer.x.{axes}; or declare what fills rows up" in finding.help


def test_which_axis_is_meant_is_told_by_its_name(only, step):
    candidates = [(step("reverse_channels", "float32[?, 3, 3]", axis=axis),) for axis in (1, 2)]
    finding = only("float32[?, 3, 3]", "float32[?, 3, 3]", candidates=candidates)
    assert finding.help == "name the axis; (1) is --fact producer.out.axes=a,channel,c"


def test_where_the_axes_are_declared_a_pair_of_arrays_decides(only, step):
    candidates = [(step("crop", "float32[?, 8]"),), (step("resize", "float32[?, 8]"),)]
    axes = {"axes": ["batch", "width"]}
    finding = only("float32[?, 9]", "float32[?, 8]", candidates=candidates, gives=axes, wants=axes)
    assert finding.help.endswith("a pair of arrays does, with --example PAIR.npz")


def test_the_steps_that_all_share_are_told_by_their_rules(found, step):
    candidates = [
        (step("cast", "float16[?, 8]", loss="rounding"), step("pad", "float16[?, 9]")),
        (step("cast", "float16[?, 8]", loss="rounding"), step("resize", "float16[?, 9]")),
    ]
    rules = found("float32[?, 8]", "float16[?, 9]", candidates=candidates, gives={"range": [0, 1]})
    assert rules == ["error ambiguous_plan", "warning lossy_cast"]


def test_which_class_is_meant_is_said_by_name():
    sides, told = ({"p": "float32[?, 2]"}, {"x": "float32[?, 1]"}), {"meaning": "probabilities"}
    facts = {"producer": {"p": told}, "consumer": {"x": told}}
    report = sigcheck.check(*sides, facts=facts, policy=Policy(loss="truncating"), verify="typed")
    (finding,) = (one for one in report.findings if one.rule == "ambiguous_plan")
    assert finding.help == (
        "no fact says whether the second class or the first entry is meant; say which with --allow select_class; "
        "or with --allow truncate; else a pair of arrays does, with --example PAIR.npz"
    )


@pytest.mark.parametrize(
    ("provided", "required", "facts", "values", "kept"),
    [
        ("float32[?, 2]", "float32[?, 1]", {"meaning": "probabilities"}, [[0.2, 0.8]], ["select_class"]),
        ("float32[?, 2]", "float32[?, 1]", {"meaning": "probabilities"}, [[0.8, 0.2]], ["truncate"]),
    ],
)
def test_the_pair_that_is_advised_settles_it(provided, required, facts, values, kept):
    ours, theirs = (parse_spec(text).replace(facts=Facts(**facts)) for text in (provided, required))
    policy = Policy(loss="truncating")
    tied = search(ours, theirs, policy)
    assert {step.transform for plan in tied.candidates for step in plan.steps} == {"select_class", "truncate"}
    arrays = np.array(values, np.float32), np.array([[0.8]], np.float32)
    assert [step.transform for step in decide(tied, ours, arrays, policy, "pair").plan.steps] == kept


@pytest.mark.parametrize("theirs", ["float32[?, 3, 299, 299]", "float32[?, 299, 299, 3]", "float32[?, 300]"])
def test_no_declaration_is_said_twice(theirs):
    made = sigcheck.check({"pixels": "uint8[?, 224, 224, 3]"}, {"image": theirs}, verify="typed")
    for finding in made.findings:
        ways = finding.help.split("; or ")
        told = [way[way.find("--") :] for way in ways]
        assert len(set(told)) == len(told)


@pytest.mark.parametrize(
    ("axes", "cut", "said"),
    [
        ({}, "truncate", "no fact says whether a picture is cut or shrunk"),
        ({"axes": ["batch", "height", "width", "channel"]}, "crop", "the axes are declared and do not decide"),
    ],
)
def test_of_two_ways_to_fewer_pixels_either_is_said_by_name(axes, cut, said):
    sides = {"pixels": "float32[?, 12, 16, 3]"}, {"image": "float32[?, 8, 8, 3]"}
    facts = {"producer": {"pixels": axes}, "consumer": {"image": axes}}

    def checked(*allow):
        return sigcheck.check(*sides, facts=facts, policy=Policy(loss="truncating", allow=allow), verify="typed")

    (finding,) = (one for one in checked().findings if one.rule == "ambiguous_plan")
    assert finding.help == (
        f"{said}; say which with --allow {cut}; or with --allow resize; else a pair of arrays does, "
        "with --example PAIR.npz"
    )
    for name in (cut, "resize"):
        report = checked(name)
        assert (report.verdict, [step.transform for step in report.bindings[0].plan.steps]) == ("adapts", [name])


def test_a_filling_that_is_declared_is_not_told_to_be_declared_otherwise():
    """transformers 6052: ids that are to be filled in front were told to be filled behind, as their producer does."""
    import sigcheck

    padding = {"value": 50256}
    report = sigcheck.check(
        {"ids": "int32[?, ?]"},
        {"ids": "int32[1, 10]"},
        facts={"producer": {"ids": {"padding": padding}}, "consumer": {"ids": {"padding": {**padding, "side": "pre"}}}},
        verify="typed",
    )
    assert not any("consumer.ids.padding" in one.help for one in report.findings)


def test_rows_are_filled_on_the_side_of_those_beside_them(match, step):
    view = match(
        "float32[?, 8]",
        "float32[?, 9]",
        candidates=[(step("pad", "float32[?, 9]"),), (step("resize", "float32[?, 9]"),)],
    )
    mask = parse_spec("int32[?, 9]").replace(facts=Facts(padding=Padding(value=0, side="pre")))
    view = replace(view, inputs=(Endpoint(name="mask", spec=mask),))
    (finding,) = ambiguous_plan.find(view)
    assert finding.help.count("padding=") == 1
    assert """consumer.x.padding={"value":0,"side":"pre"}""" in finding.help
