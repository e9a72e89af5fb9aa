from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.row_call import row_of, rows_of


def spec(text, **facts):
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


@pytest.mark.parametrize("text", ["float32[]", "float32[*]", "ragged float32[*]", "sparse float32[?, 3]"])
def test_what_has_no_rows_of_one_shape_has_none(text):
    assert row_of(parse_spec(text)) is None


def test_a_row_has_the_facts_of_the_whole():
    stored = {"scale": [0.5, 0.25], "zero_point": [0, 1], "axis": 2}
    row = row_of(spec("int8[?, 9, 2]", axes=["batch", "time", "channel"], quantization=stored))
    assert (str(row), row.facts.axes, row.facts.quantization.axis) == ("int8[9, 2]", ("time", "channel"), 1)


def test_an_axis_with_scales_or_beside_the_batch_is_none_of_rows():
    stored = {"scale": [0.5, 0.25], "zero_point": [0, 1], "axis": 0}
    assert row_of(spec("int8[2, 9]", quantization=stored)) is None
    assert row_of(spec("float32[2, ?]", axes=["feature", "batch"])) is None


def test_rows_are_those_of_which_one_is_the_row():
    whole = rows_of(spec("float32[?, 5]", axes=["time", "class"]), 4)
    assert (str(whole), whole.facts.axes) == ("float32[4, ?, 5]", ("batch", "time", "class"))
    assert row_of(whole) == spec("float32[?, 5]", axes=["time", "class"])
    assert rows_of(parse_spec("sparse float32[?, ?]")) is None


@pytest.mark.parametrize(
    ("row", "whole"),
    [
        ("float32[?, 5]", "ragged float32[?, None, 5]"),
        ("float32[3, ?, 5]", "ragged float32[?, 3, None, 5]"),
        ("float32[?, ?]", "ragged float32[?, None, None]"),
        ("float32[5]", "float32[?, 5]"),
        ("ragged float32[?, None]", "ragged float32[?, None, None]"),
    ],
)
def test_rows_of_several_sizes_are_ragged_up_to_their_last_open_one(row, whole):
    made = rows_of(parse_spec(row), is_ragged=True)
    assert made.is_subtype_of(parse_spec(whole))
    assert parse_spec(whole).is_subtype_of(made)
