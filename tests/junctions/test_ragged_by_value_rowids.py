from __future__ import annotations

import numpy as np
import pytest

from sigcheck.junctions import ragged_by_value_rowids
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.transforms.parts.array import GuardError

CASES = [
    (["int32[?]", "int64[?]", "int64[]"], ["ragged int32[?, None]"], None),
    (["float32[?, 4]", "int32[?]", "int32[]"], ["ragged float32[?, None, 4]"], None),
    (["string[?]", "int64[?]"], ["ragged string[3, None]"], None),
    (["int32[?]", "int64[?]", "int64[]"], ["ragged int32[3, None]"], None),
]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (["int32[?]", "int64[?]"], "nothing says how many rows there are"),
        (["int32[?]", "float32[?]", "int64[]"], "expected int32 or int64 of rank 1"),
        (["int32[?]", "int64[?]", "int64[1]"], "expected an int32 or int64 without axes"),
        (["int32[?]", "int64[?]", "float32[]"], "expected an int32 or int64 without axes"),
        (["int32[3]", "int64[4]", "int64[]"], "3 values, there are 4 row numbers"),
        (["int32[?]", ("int64[?]", {"meaning": "lengths"}), "int64[]"], "declared as lengths"),
        (["int32[?, 2]", "int64[?]", "int64[]"], "are not the values of"),
    ],
)
def test_what_are_no_values_and_row_numbers_is_said(joined, parts, message):
    with pytest.raises(JunctionError, match=message):
        joined("ragged_by_value_rowids", parts, ["ragged int32[?, None]"], None)


@pytest.mark.parametrize(
    ("rowids", "rows"), [([0, 2, 1], 3), ([-1, 0, 0], 3), ([0, 1, 3], 3), ([0, 1], 3), ([0, 0, 0], -1)]
)
def test_row_numbers_that_are_none_of_the_rows_are_refused(joined, rowids, rows):
    case = joined("ragged_by_value_rowids", CASES[0][0], CASES[0][1], None)
    given = [np.arange(3, dtype="i4"), np.array(rowids, "i8"), np.array(rows, "i8")]
    with pytest.raises(GuardError):
        ragged_by_value_rowids.reference(case.parts, case.steps[0], given)


def test_empty_rows_at_the_end_are_kept(joined):
    case = joined("ragged_by_value_rowids", CASES[0][0], CASES[0][1], None)
    given = [np.arange(3, dtype="i4"), np.array([0, 0, 2]), np.array(5)]
    made = ragged_by_value_rowids.reference(case.parts, case.steps[0], given)
    assert made.row_splits[0].tolist() == [0, 2, 2, 3, 3, 3]
