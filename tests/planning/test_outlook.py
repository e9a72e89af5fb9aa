from __future__ import annotations

import pytest

from sigcheck.planning.outlook import Outlook, least_left
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


def test_pixels_may_be_rounded_where_a_cast_would_cut_them_off():
    pixels = Facts(meaning="pixels", range=(0, 255))
    spec, required = (parse_spec(f"{dtype}[?, 3]").replace(facts=pixels) for dtype in ("float32", "uint8"))
    assert least_left(spec, required, DEFAULT_POLICY) == Cost(rounding=1)


def test_what_the_values_lose_is_left_until_they_are_converted_in_whatever_layout():
    provided, required = parse_spec("float32[8, 3]"), parse_spec("int32[3, 8]")
    loss = Cost(rounding=2)
    outlook = Outlook(provided, required, DEFAULT_POLICY, loss)
    assert [outlook.left(parse_spec(text)) for text in ("float32[8, 3]", "float32[3, 8]")] == [loss] * 2
    assert [outlook.left(parse_spec(text)) for text in ("float64[3, 8]", "int32[8, 3]")] == [Cost(truncating=1), FREE]
