"""What rows are filled with is offered on the side where the other rows of the consumer are."""

from __future__ import annotations

import pytest

from sigcheck.rules.views.course import Course
from sigcheck.rules.views.filling import likely_filling, side_beside
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint


def course(given="int32[?, 8]", wanted="int32[?, 9]", padding=None):
    provided = parse_spec(given).replace(facts=Facts(padding=padding))
    return Course.of(
        Binding(
            provided="y", required="x", verdict="blocked", provided_spec=provided, required_spec=parse_spec(wanted)
        ),
        Policy(),
    )


def filled(name, spec, side):
    return Endpoint(name=name, spec=parse_spec(spec).replace(facts=Facts(padding=Padding(value=0, side=side))))


@pytest.mark.parametrize(
    ("inputs", "side"),
    [
        ([], None),
        ([filled("mask", "int32[?, 9]", "pre")], "pre"),
        ([filled("mask", "int32[?, 9]", "pre"), filled("types", "int32[?, 9]", "post")], None),
        # Rows of another length are others, and it is none beside itself.
        ([filled("mask", "int32[?, 7]", "pre"), filled("x", "int32[?, 9]", "pre")], None),
    ],
)
def test_the_side_is_that_of_all_rows_of_its_length(inputs, side):
    assert side_beside(course(), inputs) == side


def test_what_the_producer_fills_with_is_kept_and_the_side_is_the_consumers():
    mask = [filled("mask", "int32[?, 9]", "pre")]
    assert likely_filling(course(padding=Padding(value=7)), mask) == '{"value":7,"side":"pre"}'
    assert likely_filling(course(padding=Padding(value=7, side="pre")), []) == '{"value":7,"side":"pre"}'
    assert likely_filling(course("string[?, 8]", "string[?, 9]"), []) == '{"value":""}'
