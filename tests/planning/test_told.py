from __future__ import annotations

import pytest

from sigcheck.planning.told import read_told
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint

SPEC = parse_spec("float32[?]")
OUTPUTS = {name: Endpoint(name=name, spec=SPEC) for name in ("a", "b", "c", "concat(a, b, axis=0)")}
INPUTS = {name: Endpoint(name=name, spec=SPEC) for name in ("x", "y", "z")}


def told(bind):
    found = read_told(bind, OUTPUTS, INPUTS)
    return dict(found.single), list(found.groups), [(str(one), names) for one, names in found.junctions]


@pytest.mark.parametrize(
    ("bind", "expected"),
    [
        ({"a": "x"}, ({"x": "a"}, [], [])),
        ({"b": "x", "a": "x"}, ({}, [(("b", "a"), ("x",))], [])),
        ({"a": ["x", "y"]}, ({}, [(("a",), ("x", "y"))], [])),
        ({"share(a)": ["x", "y"]}, ({"x": "a", "y": "a"}, [], [])),
        # Joined in one place an output is whole in the other.
        ({"a": ["x", "y"], "b": "x"}, ({"y": "a"}, [(("a", "b"), ("x",))], [])),
        ({"stack(a, b, axis=0)": ["x", "y"]}, ({}, [], [("stack(a, b, axis=0)", ("x", "y"))])),
        (
            {"split(a, axis=0)": ["z", "x"], "constant(0, a)": "y"},
            (
                {},
                [],
                [("split(a, axis=0)", ("z", "x")), ("constant(0, a)", ("y",))],
            ),
        ),
        ({"split(a, axis=0)": ["z", "x"], "b": "y"}, ({"y": "b"}, [], [("split(a, axis=0)", ("z", "x"))])),
        # An output may have such a name.
        ({"concat(a, b, axis=0)": "x"}, ({"x": "concat(a, b, axis=0)"}, [], [])),
        # In quotes its parts are meant, or it itself as a part.
        ({'concat("a", "b", axis=0)': "x"}, ({}, [], [("concat(a, b, axis=0)", ("x",))])),
        (
            {'concat("concat(a, b, axis=0)", c, axis=0)': "x"},
            ({}, [], [('concat("concat(a, b, axis=0)", c, axis=0)', ("x",))]),
        ),
        ({'share("b")': "x"}, ({"x": "b"}, [], [])),
    ],
)
def test_what_is_bound_is_single_a_group_or_a_junction(bind, expected):
    assert told(bind) == expected


@pytest.mark.parametrize(
    ("bind", "problem"),
    [
        ({"d": "x"}, "bind d=x: the producer has no output 'd'"),
        (
            {"split(a, axis=0)": ["x", "y"], "stack(a, b, axis=0)": "z"},
            "bind split(a, axis=0): the output 'a' is claimed by stack(a, b, axis=0) too, expected one junction. Leave",
        ),
        (
            {"unstack(a, axis=0)": ["x", "y"], "split(a, axis=0)": ["z", "x"]},
            "bind split(a, axis=0)=x: the input 'x' is bound to 'unstack(a, axis=0)' already",
        ),
        (
            {"unstack(a, axis=0)": ["x", "y"], "split(a, axis=0)": "z"},
            "bind unstack(a, axis=0): the output 'a' is claimed by split(a, axis=0) too, expected one junction. Leave",
        ),
        ({"a": "w"}, "bind a=w: the consumer has no input 'w'"),
        ({"stack(a, d, axis=0)": "x"}, "the producer has no output 'd'"),
        ({"a": ["x", "x"]}, "bound twice, expected once"),
        ({"a": "x", "stack(a, b, axis=0)": "x"}, "the input 'x' is bound to 'a' already"),
        ({"stack(a, b, axis=0)": "x", "c": "x"}, "the input 'x' is bound to 'stack"),
        ({"split(a, axis=0)": "x"}, "1 input, expected 2 to 64 that part the output"),
        ({"stack(a, axis=0)": "x"}, "1 outputs, expected stack"),
        ({"stack(a, b, axis": "0)=x"}, "begins as a junction and is not written as one, expected stack(a, b, axis=1)"),
        (
            {"CONCAT(a, b, axis=0)": "x"},
            "begins as a junction and is not written as one, expected concat(a, b, axis=1)",
        ),
        ({"a" * 10_000: "x"}, "a...: the producer has no output 'aaa"),
        ({"a": "x" * 10_000}, "x...: the consumer has no input 'xxx"),
    ],
)
def test_what_is_bound_wrongly_is_refused(bind, problem):
    with pytest.raises(UsageError) as raised:
        told(bind)
    assert problem in str(raised.value)
    assert len(str(raised.value)) < 400


def test_too_many_parts_are_refused():
    outputs = {f"a{at}": Endpoint(name=f"a{at}", spec=SPEC) for at in range(65)}
    with pytest.raises(UsageError, match="65 outputs, expected at most 64"):
        read_told(dict.fromkeys(outputs, "x"), outputs, INPUTS)
