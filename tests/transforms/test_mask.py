from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import mask

MASK = {"meaning": "mask"}
CASES = [
    ("any[?, 6]", "bool[?, 6]", {"padding": {"value": 0}}, MASK),
    *[("int32[?, 6]", f"{to}[?, 6]", {"padding": {"value": 0}}, MASK) for to in ("int32", "float32", "bfloat16")],
    ("int64[?, 6]", "int32[?, 6]", {"padding": {"value": 0, "side": "pre"}}, MASK),
    ("int32[6, ?]", "bool[6, ?]", {"padding": {"value": 0}, "axes": ["time", "batch"]}, MASK),
    ("string[?, ?]", "int64[?, ?]", {"padding": {"value": ""}}, MASK),
    ("ragged string[?, None]", "int32[?, 6]", {}, MASK),
    ("ragged int32[?, None]", "bool[?, ?]", {}, MASK),
    ("int32[?, 6]", "bool[?, 1, 1, 6]", {"padding": {"value": 0}}, MASK),
    ("ragged int32[?, None]", "float32[?, 6, 1]", {}, MASK),
]


def test_the_values_are_gone(propose):
    (step,) = propose("mask", "ragged int32[?, None]", "int64[?, 5]", {}, MASK)
    assert step.loss == "irreversible"


def test_without_a_declared_padding_there_is_no_mask(propose):
    assert propose("mask", "int32[?, 6]", "int32[?, 6]", {}, MASK) == []


@pytest.mark.parametrize(
    ("side", "row", "expected"),
    [
        ("post", [3, 0, 2, 0], [1, 1, 1, 0]),
        ("pre", [0, 3, 0, 2], [0, 1, 1, 1]),
        ("post", [0, 3, 0, 0], [1, 1, 0, 0]),
        ("pre", [3, 0, 0, 0], [1, 1, 1, 1]),
        ("post", [0, 0, 0, 0], [0, 0, 0, 0]),
        ("pre", [0, 0, 0, 0], [0, 0, 0, 0]),
    ],
)
@pytest.mark.parametrize("is_time_first", [False, True])
def test_padding_inside_a_row_is_a_value(side, row, expected, is_time_first):
    table, axes = np.asarray([row, [1, 2, 3, 4]], np.int32), ("batch", "time")
    if is_time_first:
        table, axes = table.T, axes[::-1]
    facts = Facts(axes=axes, padding=Padding(value=0, side=side))
    given = TensorSpec(dtype="int32", shape=(None, None), facts=facts)
    wanted = TensorSpec(dtype="int32", shape=(None, None), facts=Facts(meaning="mask", axes=axes))
    (step,) = mask.propose(given, wanted)
    made = mask.reference(given, step, table)
    assert (made.T if is_time_first else made).tolist() == [expected, [1, 1, 1, 1]]


def test_a_filling_that_was_computed_is_not_looked_for(propose):
    assert propose("mask", "float32[?, 6]", "int32[?, 6]", {"padding": {"value": 0.1}}, MASK) == []


def test_rows_of_rows_have_no_one_end(propose):
    assert propose("mask", "int32[?, 6, 4]", "int32[?, 6, 4]", {"padding": {"value": 0}}, MASK) == []
