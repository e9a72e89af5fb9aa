"""Names that an adapter makes up are none of a model's: not of its outputs, in quotes, nor of other inputs."""

from __future__ import annotations

import numpy as np
import pytest


def rows_of(report, outputs, inputs, bind):
    made = report(outputs, inputs, bind=bind)
    assert made.adapter is not None, made
    return made.adapter


@pytest.mark.parametrize("values", ["values", "by_row", "rows", "counts", "x_by_row"])
@pytest.mark.parametrize("lengths", ["lengths", "by_row", "x"])
def test_an_output_is_read_by_its_own_name(report, values, lengths):
    if values == lengths:
        pytest.skip("one name")
    outputs = {values: "float32[?]", lengths: ("int64[?]", {"meaning": "lengths"}), "x_by_row": "float32[3]"}
    inputs = {"x": "ragged float32[?, None]", "x_by_row": "float32[3]", "x_rows": "float32[3]"}
    if values == "x_by_row":
        del inputs["x_by_row"], inputs["x_rows"]
        bind = {values: "x", lengths: "x"}
    else:
        bind = {values: "x", lengths: "x", "x_by_row": ["x_by_row", "x_rows"]}
    adapter = rows_of(report, outputs, inputs, bind)
    given = {
        "x_by_row": np.float32([7, 8, 9]),
        values: np.float32([1, 2, 3]),
        lengths: np.int64([2, 1]),
    }
    found = adapter({name: given[name] for name in given})
    assert found["x"].to_list() == [[1, 2], [3]]
    for name in inputs.keys() - {"x"}:
        np.testing.assert_array_equal(found[name], given["x_by_row"])


def test_rows_have_a_name_of_their_own_in_numpy(report):
    padded = {"padding": {"value": 0, "side": "post"}}
    adapter = rows_of(
        report,
        {"a": "ragged int32[?, None]", "b": "int32[?]"},
        {"x_splits": "int32[?]", "x": ("int32[?, 3]", padded)},
        {"a": "x", "b": "x_splits"},
    )
    found = adapter.to_numpy()({"a": [[1], [2, 3]], "b": np.int32([5, 6])})
    np.testing.assert_array_equal(found["x"], [[1, 0, 0], [2, 3, 0]])
    np.testing.assert_array_equal(found["x_splits"], [5, 6])


def test_inputs_of_a_keras_model_stay_two_where_their_names_are_nearly_one(report):
    adapter = rows_of(
        report, {"a b": "float64[?, 3]", "a_b": "float64[?, 4]"}, {"a b": "float32[?, 3]", "a_b": "float32[?, 4]"}, {}
    )
    found = adapter.to_keras()({"a b": np.ones((2, 3)), "a_b": np.zeros((2, 4))})
    assert (found["a b"].shape, found["a_b"].shape) == ((2, 3), (2, 4))
