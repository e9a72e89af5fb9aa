from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.notation import parse_spec
from sigcheck.transforms.parts.array import RaggedArray
from sigcheck.verification.tensor_rows import even, joined_rows, no_rows, one_by_one, row_at, row_count


def ragged(values, *splits):
    return RaggedArray(np.asarray(values, np.float32), tuple(np.asarray(one, np.int64) for one in splits))


DENSE = np.arange(12, dtype=np.float32).reshape(3, 4)
ONE = ragged([[1, 2], [3, 4], [5, 6]], [0, 2, 2, 3])
TWO = ragged([1, 2, 3, 4], [0, 2, 2, 3], [0, 1, 3, 4])


@pytest.mark.parametrize(
    ("value", "spec"),
    [(DENSE, "float32[?, 4]"), (ONE, "ragged float32[?, None, 2]"), (TWO, "ragged float32[?, None, None]")],
)
def test_rows_put_together_are_what_they_were_taken_from(value, spec):
    rows = [row_at(value, at) for at in range(row_count(value))]
    made = joined_rows(rows, parse_spec(spec))
    assert row_count(made) == len(rows) == 3
    if isinstance(value, RaggedArray):
        assert [one.tolist() for one in made.row_splits] == [one.tolist() for one in value.row_splits]
        np.testing.assert_array_equal(made.values, value.values)
    else:
        np.testing.assert_array_equal(made, value)


def test_rows_of_one_ragged_axis_are_dense_and_of_more_are_ragged():
    assert [row["y"].tolist() for row in one_by_one({"y": ONE})] == [[[1, 2], [3, 4]], [], [[5, 6]]]
    last = row_at(TWO, 2)
    assert (last.values.tolist(), [one.tolist() for one in last.row_splits]) == ([4], [[0, 1]])


def test_dense_rows_of_several_sizes_make_as_many_ragged_axes_as_are_wanted():
    rows = [np.ones((2, 3), np.float32), np.zeros((0, 3), np.float32), np.ones((1, 2), np.float32)]
    made = joined_rows(rows, parse_spec("ragged float32[?, None, None]"))
    assert [one.tolist() for one in made.row_splits] == [[0, 2, 2, 3], [0, 3, 6, 8]]
    assert even(row_at(made, 0)).tolist() == [[1, 1, 1], [1, 1, 1]]
    assert even(row_at(made, 1)).shape == (0, 0)


def test_no_rows_have_the_sizes_that_are_known():
    assert no_rows(parse_spec("float32[?, ?, 5]")).shape == (0, 0, 5)
    made = no_rows(parse_spec("ragged float32[?, None, 5]"))
    assert (made.values.shape, [one.tolist() for one in made.row_splits]) == ((0, 5), [[0]])
