from __future__ import annotations

import shlex

import pytest

from sigcheck.cli.check_keywords import parse_bindings
from sigcheck.cli.declarations import merge_facts, parse_fact
from sigcheck.rules.words.option import FILLING_ZERO, axes_options, bind_option, cures, fact_option


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
