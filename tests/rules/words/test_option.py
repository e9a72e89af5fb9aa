from __future__ import annotations

import shlex
from string import ascii_lowercase

import pytest

from sigcheck.cli.check_keywords import parse_bindings
from sigcheck.cli.declarations import merge_facts, parse_fact
from sigcheck.rules.words.option import FILLING_ZERO, axes_options, bind_option, cures, fact_option, named_axis_option
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Step


def test_plain_names_need_no_quotes():
    assert fact_option("producer", "args_0:0", "range", "0,255") == "--fact producer.args_0:0.range=0,255"
    assert bind_option("output_0", "x") == "--bind output_0=x"


@pytest.mark.parametrize("name", ["x", "model/dense.1", "a b", "it's", "$(reboot)", "a;b"])
def test_a_shell_gives_back_what_was_meant(name):
    option, value = shlex.split(fact_option("consumer", name, "padding", FILLING_ZERO))
    assert (option, parse_fact(value)) == ("--fact", {"consumer": {name: {"padding": {"value": 0}}}})
    option, value = shlex.split(bind_option(name, "x"))
    assert (option, parse_bindings([value])) == ("--bind", {name: "x"})


def test_letters_stand_in_the_order_of_the_transpose():
    _, ours, _, _, theirs = shlex.split(axes_options("out", "x", (0, 3, 1, 2)))
    declared = merge_facts([parse_fact(ours), parse_fact(theirs)])
    assert declared == {"producer": {"out": {"axes": [*"abcd"]}}, "consumer": {"x": {"axes": [*"adbc"]}}}


@pytest.mark.parametrize(
    ("given", "wanted", "option"),
    [
        (None, ("batch", "channel", "time"), "--fact producer.out.axes=batch,time,channel"),
        (("batch", "time", "channel"), None, "--fact consumer.x.axes=batch,channel,time"),
        ((None, "time", "channel"), None, "--fact producer.out.axes=a,b,c and --fact consumer.x.axes=a,c,b"),
    ],
)
def test_names_of_the_one_side_are_those_of_the_other(given, wanted, option):
    assert axes_options("out", "x", (0, 2, 1), given, wanted) == option


def test_an_axis_keeps_its_name_beside_the_one_that_is_meant():
    scores = parse_spec("float32[?, 4, 8]").replace(facts=Facts(axes=("b", None, "width")))
    step = Step(transform="activation", arguments={"axis": 1}, result=scores)
    assert named_axis_option("out", scores, [step], step) == "--fact producer.out.axes=b,class,width"
    step = Step(transform="activation", arguments={"axis": 2}, result=scores)
    # No letter that is a name already.
    assert named_axis_option("out", scores, [step], step) == "--fact producer.out.axes=b,c,class"


def test_where_the_letters_are_too_few_no_axis_is_named():
    for names in ((*ascii_lowercase, None, None), (None,) * 28):
        scores = parse_spec(f"float32[{', '.join('2' * 28)}]").replace(facts=Facts(axes=names))
        step = Step(transform="activation", arguments={"axis": 27}, result=scores)
        assert named_axis_option("out", scores, [step], step) is None


@pytest.mark.parametrize(
    ("told", "ways"),
    [
        ("nothing to do", []),
        ("bind it --bind a=x --bind a=y", [["--bind a=x", "--bind a=y"]]),
        ("name it, with --map or --map-producer", [["--map"], ["--map-producer"]]),
        ("--fact producer.a.range=0,1, or allow --loss exact", [["--fact producer.a.range=0,1"], ["--loss exact"]]),
        ("--loss exact, and where it is meant --assume warn", [["--loss exact", "--assume warn"]]),
        # It is in the way: whoever copies it changes nothing.
        ("guards (leave out --no-guard)", []),
        ("cast (leave out --deny cast); or --loss rounding", [["--loss rounding"]]),
    ],
)
def test_options_that_go_together_are_one_way(told, ways):
    assert [[written for written, _ in way] for way in cures(told)] == ways
