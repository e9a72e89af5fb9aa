from __future__ import annotations

import doctest

import pytest

import sigcheck.schema.bind
from sigcheck.schema.bind import add_pair, bound_pairs, with_constants
from sigcheck.schema.errors import UsageError


def test_the_examples_run():
    found = doctest.testmod(sigcheck.schema.bind)
    assert (found.attempted > 0, found.failed) == (True, 0)


def test_pairs_stay_in_the_order_written():
    bind: dict[str, str | list[str]] = {}
    for pair in (("b", "x"), ("a", "x"), ("b", "y"), ("b", "z")):
        add_pair(bind, *pair)
    assert bind == {"b": ["x", "y", "z"], "a": "x"}
    assert list(bound_pairs(bind)) == [("b", "x"), ("b", "y"), ("b", "z"), ("a", "x")]


@pytest.mark.parametrize(
    "bind",
    [
        {"a": []},
        {"a": 5},
        {"a": None},
        {"a": ["x", 3]},
        {"a": b"x"},
        {"a": {"x"}},
        {"a": {"x": 1}},
        {5: "x"},
        {("a", "b"): "x"},
        [("a", "x")],
        "a=x",
        {"a": ["x" * 10_000, 3]},
    ],
)
def test_what_maps_no_names_to_names_is_refused_in_one_line(bind):
    with pytest.raises(UsageError, match=r"^bind: found .*expected outputs with the inputs that they feed\.") as raised:
        list(bound_pairs(bind))
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("const", "said"),
    [
        ({"x": 10**5000}, "const x: a whole number of 16610 bits"),
        ({"x": float("inf")}, "const x: found inf, expected a finite number"),
        ({"x": float("nan")}, "const x: found nan, expected a finite number"),
        ({"x": None}, "const x: found None"),
        ({3: 0}, "const 3: found 3, expected the name of an input"),
        ([0], "const: found a list"),
    ],
)
def test_what_is_no_constant_is_said_in_one_line(const, said):
    with pytest.raises(UsageError, match=f"^{said}"):
        with_constants(None, const)
