from __future__ import annotations

import numpy as np
import pytest

from sigcheck.junctions import ragged_by_row_splits
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.transforms.parts.array import GuardError

CASES = [
    (["int32[?]", "int64[?]"], ["ragged int32[?, None]"], None),
    (["float32[?, 4]", "int32[?]"], ["ragged float32[?, None, 4]"], None),
    (["string[?]", "int64[4]"], ["ragged string[3, None]"], None),
]


@pytest.mark.parametrize(
    ("values", "splits", "message"),
    [
        ("int32[?]", "float32[?]", "expected int32 or int64 of rank 1"),
        ("int32[?]", ("int64[?]", {"meaning": "lengths"}), "declared as lengths"),
        (("int64[?]", {"meaning": "lengths"}), "int64[?]", "the values are declared as lengths"),
        ("int32[?, 2]", "int64[?]", "are not the values of"),
        ("int32[?]", "int64[0]", "one more than there are rows"),
        ("float8_e5m2[?]", "int64[?]", "the values are float8_e5m2"),
    ],
)
def test_what_are_no_values_and_splits_is_said(joined, values, splits, message):
    with pytest.raises(JunctionError, match=message):
        joined("ragged_by_row_splits", [values, splits], ["ragged int32[?, None]"], None)


@pytest.mark.parametrize("splits", [[], [1, 3], [0, 2], [0, 2, 1, 3], [0, 4, 3], [0, 2**63 - 1, -2, 3]])
def test_splits_that_are_none_of_the_values_are_refused(joined, splits):
    case = joined("ragged_by_row_splits", ["int32[?]", "int64[?]"], ["ragged int32[?, None]"], None)
    with pytest.raises(GuardError):
        ragged_by_row_splits.reference(case.parts, case.steps[0], [np.arange(3, dtype="i4"), np.array(splits, "i8")])


@pytest.mark.tensorflow
@pytest.mark.parametrize("width", ["int32", "int64"])
@pytest.mark.parametrize("splits", [[], [1, 3], [0, 2], [0, 2, 1, 3], [0, 4, 3], [0, 2**63 - 1, -2, 3]])
def test_tensorflow_refuses_them_too(joined, splits, width):
    import tensorflow as tf

    case = joined("ragged_by_row_splits", ["int32[?]", "int64[?]"], ["ragged int32[?, None]"], None)
    step = case.steps[0].model_copy(update={"result": case.steps[0].result.replace(row_splits_dtype=width)})
    code = ragged_by_row_splits.emit(case.parts, step, ["values", "given"])
    scope = {"tf": tf, "values": tf.constant([1, 2, 3]), "given": tf.constant(splits, tf.int64)}
    with pytest.raises(tf.errors.InvalidArgumentError):
        exec("\n".join([*code.lines, f"x = {code.expression}"]), scope)


def test_the_name_of_the_values_is_that_of_the_rows_entries(joined):
    values = ("int32[?]", {"axes": ["token"]})
    (step,) = joined("ragged_by_row_splits", [values, "int64[?]"], ["ragged int32[?, None]"], None).steps
    assert step.result.facts.axes == (None, "token")
