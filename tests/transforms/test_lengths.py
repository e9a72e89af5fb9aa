from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import lengths

LENGTHS = {"meaning": "lengths"}
CASES = [
    ("ragged any[?, None]", "int64[?]", {}, LENGTHS),
    ("ragged int32[?, None, None, 2]", "int32[?]", {}, LENGTHS),
    ("any[?, 6]", "int32[?]", {"padding": {"value": 0}}, LENGTHS),
    ("int64[?, 6]", "int64[?]", {"padding": {"value": 0, "side": "pre"}}, LENGTHS),
    ("int32[6, ?]", "int32[?]", {"padding": {"value": 0}, "axes": ["time", "batch"]}, LENGTHS),
    ("string[?, ?]", "int64[?]", {"padding": {"value": "a"}}, LENGTHS),
]


def test_the_values_are_gone(propose):
    (step,) = propose("lengths", "ragged int32[?, None]", "int64[?]", {}, LENGTHS)
    assert step.loss == "irreversible"


def test_without_a_declared_padding_nothing_is_counted(propose):
    assert propose("lengths", "int32[?, 6]", "int32[?]", {}, LENGTHS) == []
    assert propose("lengths", "ragged int32[?, None]", "int64[?]") == []


def test_rows_are_not_counted_where_the_consumer_has_their_axis(propose):
    shapes, gives = ("ragged string[?, None]", "int64[?]"), {"axes": ["batch", "token"]}
    assert propose("lengths", *shapes, gives, {"meaning": "lengths", "axes": ["batch"]})
    assert propose("lengths", *shapes, gives, {"meaning": "lengths", "axes": ["token"]}) == []


@pytest.mark.parametrize(
    ("side", "row", "expected"),
    [
        ("post", [3, 0, 2, 0], 3),
        ("pre", [0, 3, 0, 2], 3),
        ("pre", [3, 0, 0, 0], 4),
        ("post", [0, 0, 0, 0], 0),
    ],
)
@pytest.mark.parametrize("is_time_first", [False, True])
def test_padding_inside_a_row_is_a_value(side, row, expected, is_time_first):
    table, axes = np.asarray([row, [1, 2, 3, 4]], np.int32), ("batch", "time")
    if is_time_first:
        table, axes = table.T, axes[::-1]
    facts = Facts(axes=axes, padding=Padding(value=0, side=side))
    given = TensorSpec(dtype="int32", shape=(None, None), facts=facts)
    wanted = TensorSpec(dtype="int32", shape=(None,), facts=Facts(meaning="lengths", axes=("batch",)))
    (step,) = lengths.propose(given, wanted)
    assert step.result.facts.axes == ("batch",)
    assert lengths.reference(given, step, table).tolist() == [expected, 4]


def test_a_filling_that_was_computed_is_not_looked_for(propose):
    assert propose("lengths", "float32[?, 6]", "int32[?]", {"padding": {"value": 0.1}}, LENGTHS) == []
