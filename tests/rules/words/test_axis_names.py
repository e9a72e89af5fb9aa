from __future__ import annotations

import json
import shlex

import pytest

import sigcheck
from sigcheck.cli.declarations import merge_facts, parse_fact
from sigcheck.planning.search import search
from sigcheck.rules.words.axis_names import names_along
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec


def spec(text, axes=None):
    return parse_spec(text).replace(facts=Facts.model_validate({"axes": axes}))


def told(provided, required):
    plan = search(provided, required).plan
    return names_along("y", provided, "x", required, () if plan is None else plan.steps)


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        ("float32[?, 8, 6, 3]", "float32[?, 3, 8, 6]"),
        # One axis is new, two become one.
        ("float32[8, 6, 3]", "float32[?, 3, 8, 6]"),
        ("float32[?, 4, 5, 8]", "float32[?, 8, 20]"),
        ("float32[?, 1, 4, 8]", "float32[?, 8, 4]"),
    ],
)
def test_once_they_are_declared_the_same_is_done_and_nothing_assumed(provided, required):
    sides = {"y": provided}, {"x": required}
    before = sigcheck.check(*sides, verify="typed")
    options = told(*map(parse_spec, (provided, required)))
    facts = merge_facts([parse_fact(shlex.split(option)[1]) for option in options])
    after = sigcheck.check(*sides, facts=facts, verify="typed")
    (one,), (other,) = before.bindings, after.bindings
    assert [str(step) for step in one.steps] == [str(step) for step in other.steps], json.dumps(facts)
    assert any(step.assumption for step in one.steps)
    assert not any(step.assumption for step in other.steps)


@pytest.mark.parametrize(
    ("ours", "theirs", "options"),
    [
        (["b", "h", "w", "c"], None, ["--fact consumer.x.axes=b,c,h,w"]),
        (None, ["b", "c", "h", "w"], ["--fact producer.y.axes=b,h,w,c"]),
        (["b", "h", "w", "c"], ["b", "c", "h", "w"], []),
        (["b", None, "w", "c"], None, []),
    ],
)
def test_names_that_a_side_has_are_those_of_the_other(ours, theirs, options):
    assert list(told(spec("float32[?, 8, 6, 3]", ours), spec("float32[?, 3, 8, 6]", theirs))) == options


def test_what_no_step_says_is_not_named():
    assert names_along("y", spec("float32[*]"), "x", spec("float32[?, 3]"), ()) == ()
    assert names_along("y", spec("float32[?, 8]"), "x", spec("float32[?, 8, 1]"), ()) == ()
