from __future__ import annotations

import pytest

from sigcheck.planning.outlook import least_left
from sigcheck.schema.cost import FREE, Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import DEFAULT_POLICY, Policy


@pytest.mark.parametrize(
    ("dtype", "required", "least"),
    [
        ("float32", "float32", FREE),
        ("uint8", "float32", FREE),
        ("float64", "float32", Cost(rounding=1)),
        ("float32", "int32", Cost(truncating=1)),
        ("int64", "int32", Cost(guards=1)),
        ("string", "int32", FREE),
    ],
)
def test_what_the_dtypes_show(dtype, required, least):
    assert least_left(parse_spec(f"{dtype}[?, 3]"), parse_spec(f"{required}[8]"), DEFAULT_POLICY) == least


def test_where_a_guard_is_not_allowed_it_is_not_counted():
    assert least_left(parse_spec("int64[]"), parse_spec("int32[]"), Policy(guard=False)) == FREE


@pytest.mark.parametrize("facts", [{"meaning": "mask"}, {"range": (0, 1)}])
def test_what_a_conversion_may_bring_about_is_not_known(facts):
    spec = parse_spec("float32[]").replace(facts=Facts(range=(0, 9)))
    assert least_left(spec, parse_spec("float16[]").replace(facts=Facts(**facts)), DEFAULT_POLICY) == FREE
