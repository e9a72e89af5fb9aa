from __future__ import annotations

import pytest

from sigcheck.rules import find_changes
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature


def signature(*holds, sizes=("batch", "t", 3), other=("batch", "s", 3)):
    spec = parse_spec("float32[?, ?, 3]")
    inputs = (Endpoint(name="x", spec=spec, sizes=sizes), Endpoint(name="y", spec=spec, sizes=other))
    return Signature(inputs=inputs, constraints=tuple(Constraint(holds=one) for one in holds))


def said(old, new):
    return [(one.rule, one.place, one.message) for one in find_changes(UpgradeView(old, new))]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ((), ("t % 4 == 0",), "takes t % 4 == 0 only, and took t = 1"),
        (("t % 4 == 0",), ("t % 8 == 0",), "takes t % 8 == 0 only, and took t = 4"),
        (("t <= 128",), ("t <= 64",), "takes t <= 64 only, and took t = 65"),
    ],
)
def test_a_new_constraint_is_a_narrowed_input(old, new, message):
    assert said(signature(*old), signature(*new)) == [("input_narrowed", "x", message)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (("t % 4 == 0",), (), "takes t = 1, and took t % 4 == 0 only"),
        (("t % 8 == 0",), ("t % 4 == 0",), "takes t = 4, and took t % 8 == 0 only"),
        (("t <= 64",), ("t <= 128",), "takes t = 65, and took t <= 64 only"),
    ],
)
def test_what_takes_more_breaks_nobody(old, new, message):
    assert said(signature(*old), signature(*new)) == [("compatible_change", "x", message)]


def test_what_takes_as_much_is_none():
    assert said(signature("t >= 3"), signature("t >= 3")) == []


def test_names_that_differ_mean_nothing():
    assert said(signature("t >= 3"), signature("time >= 3", sizes=("batch", "time", 3))) == []


def test_two_inputs_that_must_be_of_one_size_now():
    ((rule, place, message),) = said(signature(), signature(other=("batch", "t", 3)))
    assert (rule, place) == ("input_narrowed", "y")
    assert message.startswith("takes axis 1 of y == axis 1 of x only, and took")


def test_of_what_was_not_looked_at_nothing_is_told():
    assert said(signature(sizes=None, other=None), signature("t % 4 == 0")) == []
