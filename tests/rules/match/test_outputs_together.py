from __future__ import annotations

import time

import pytest

from sigcheck.planning.matching import feed
from sigcheck.rules.match import outputs_together
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint

SIDE = Side(source="a", reader="keras", key="default")


def found(outputs, inputs):
    outputs, inputs = (
        tuple(Endpoint(name=name, spec=parse_spec(text)) for name, text in side.items()) for side in (outputs, inputs)
    )
    match = feed(outputs, inputs)
    view = MatchView(
        SIDE, SIDE, outputs, inputs, match.bindings, match.missing, match.unused, match.ambiguous, match.unjoined
    )
    return list(outputs_together.find(view))


@pytest.mark.parametrize(
    ("outputs", "required", "cure"),
    [
        ({"a": "float32[?, 3]", "b": "float32[?, 5]"}, "float32[?, 8]", "'concat(a, b, axis=1)=x'"),
        ({"a": "float32[?, 3]", "b": "float32[?, 3]"}, "float32[?, 2, 3]", "'stack(a, b, axis=1)=x'"),
        ({"n": "int64[?]", "ids": "int32[?, 9]"}, "ragged int32[?, None]", "'ragged_by_lengths(ids, n)=x'"),
        # Of ways that fit by their shape, the one that names say.
        (
            {"v": "int32[?]", "row_splits": "int64[?]"},
            "ragged int32[?, None]",
            "'ragged_by_row_splits(v, row_splits)=x'",
        ),
        # Two of three.
        (
            {"a": "float32[?, 3]", "b": "float32[?, 5]", "c": "string[?]"},
            "float32[?, 8]",
            "'concat(a, b, axis=1)=x'",
        ),
    ],
)
def test_the_line_that_joins_them_is_said(outputs, required, cure):
    (finding,) = found(outputs, {"x": required})
    assert (finding.level, finding.place) == ("note", "x")
    assert finding.help == f"if it is meant, say so with --bind {cure}"


def test_several_ways_are_named():
    (finding,) = found({"a": "float32[?, 2]", "b": "float32[?, 2]"}, {"x": "float32[?, 2, 2]"})
    assert finding.message == "a and b together make it: stack(a, b, axis=1), or stack(a, b, axis=2)"


@pytest.mark.parametrize(
    ("outputs", "inputs"),
    [
        ({"x": "float32[?, 8]", "b": "float32[?, 5]"}, {"x": "float32[?, 8]"}),
        ({"a": "float32[?, 64]", "b": "float32[?, 64]"}, {"x": "float32[?, 64]"}),
        ({"a": "float32[?, 3]", "b": "string[?, 5]"}, {"x": "float32[?, 8]"}),
        ({"a": "float32[?, 3]"}, {"x": "float32[?, 8]"}),
    ],
)
def test_what_fits_or_does_not_add_up_has_no_note(outputs, inputs):
    assert found(outputs, inputs) == []


def test_very_many_outputs_and_inputs_take_bounded_time():
    outputs = {f"a{at}": "float32[?, 3]" for at in range(500)}
    began = time.process_time()
    assert found(outputs, {f"x{at}": f"string[?, {at}]" for at in range(500)}) == []
    assert time.process_time() - began < 10
