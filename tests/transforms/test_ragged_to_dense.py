from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.notation import parse_spec
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import ragged_to_dense
from sigcheck.transforms.parts.array import RaggedArray, numpy_dtype

CASES = [
    ("ragged any[?, None]", "any[?, ?]"),
    ("ragged uint64[?, None]", "uint64[?, 5]"),
    ("ragged bfloat16[?, None, 2]", "bfloat16[?, 5, 2]"),
    ("ragged float32[?, None, None]", "float32[?, 3, 4]"),
    ("ragged float32[?, None, None]", "float32[?, ?, 4]"),
    ("ragged float32[?, None, None, 2]", "float32[?, ?, ?, 2]"),
    ("ragged int32[?, None]", "int32[?, 5]", {}, {"padding": {"value": 7, "side": "pre"}}),
    ("ragged int32[?, None, 2]", "int32[?, 5, 2]", {}, {"padding": {"value": -1, "side": "pre"}}),
    ("ragged string[?, None]", "string[?, 5]", {}, {"padding": {"value": "[PAD]"}}),
    ("ragged float16[?, None]", "float16[?, 5]", {}, {"padding": {"value": 0.5}}),
    ("ragged int32[?, None]", "int32[?, 0]"),
    ("ragged int32[3, None]", "int32[3, ?]"),
]


@pytest.mark.parametrize("value", [300, -1, 0.5, "x"])
def test_a_padding_that_the_type_cannot_hold_is_not_used(propose, value):
    facts = {"padding": {"value": value}}
    assert propose("ragged_to_dense", "ragged uint8[?, None]", "uint8[?, 5]", {}, facts) == []


def test_declared_padding_is_no_assumption(propose):
    assumed, *_ = propose("ragged_to_dense", "ragged int32[?, None]", "int32[?, 5]")
    declared, *_ = propose("ragged_to_dense", "ragged int32[?, None]", "int32[?, 5]", {}, {"padding": {"value": 0}})
    assert (assumed.cost.assumptions, declared.cost.assumptions, declared.assumption) == (1, 0, None)


@pytest.mark.parametrize(
    ("names", "sizes"),
    [(["batch", "token"], 16), (["batch", None], 16), (["token", "batch"], None), (["batch", "frame"], None)],
)
def test_rows_are_not_filled_to_the_size_of_another_axis(propose, names, sizes):
    facts = {"padding": {"value": 0}, "axes": names}
    if sizes is None and "token" in names:
        wide, *_ = propose(
            "ragged_to_dense", "ragged int32[?, None]", "int32[9, 16]", {"axes": ["batch", "token"]}, facts
        )
        assert wide.arguments["sizes"] == (None, 9)
    step, *_ = propose("ragged_to_dense", "ragged int32[?, None]", "int32[?, 16]", {"axes": ["batch", "token"]}, facts)
    assert step.arguments["sizes"] == (None, sizes)


def test_rows_get_no_other_length_than_they_have_scales(propose):
    each = {"quantization": {"scale": [1, 2], "zero_point": [0, 0], "axis": 1}}
    assert propose("ragged_to_dense", "ragged int8[?, None]", "int8[?, 3]", each, each) == []


@pytest.mark.parametrize("filler", [1e30, 2.0**53, -3.0])
def test_narrow_floats_are_filled_with_numbers_that_no_whole_type_has(propose, filler):
    """An array of bfloat16 takes no int that 64 bits do not."""
    step, *_ = propose(
        "ragged_to_dense", "ragged bfloat16[?, None]", "bfloat16[?, 3]", {}, {"padding": {"value": filler}}
    )
    rows = RaggedArray(np.ones(1, numpy_dtype("bfloat16")), (np.array([0, 1]),))
    made = ragged_to_dense.reference(parse_spec("ragged bfloat16[?, None]"), step, rows)
    assert made[0, 1] == np.asarray(filler, made.dtype)


def test_of_no_rows_the_length_is_that_of_all_where_they_have_one():
    spec = TensorSpec(kind="ragged", dtype="float32", shape=(None, 4, 2), ragged_rank=1, row_splits_dtype="int64")
    step, *_ = ragged_to_dense.propose(spec, parse_spec("float32[?, ?, 2]"))
    empty = RaggedArray(np.zeros((0, 2), np.float32), (np.zeros(1, np.int64),))
    assert ragged_to_dense.reference(spec, step, empty).shape == (0, 4, 2)
    assert "shape=[None, 4, None]" in ragged_to_dense.emit(spec, step, "x").expression
