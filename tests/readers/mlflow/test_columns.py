"""What a model gets of columns: Keras fits a last axis of 1, ONNX takes the matrix as it is."""

from __future__ import annotations

import pytest

from sigcheck.readers.mlflow.columns import taken
from sigcheck.readers.mlflow.schema import read_side
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec


@pytest.mark.parametrize(
    ("caller", "count", "own", "expected"),
    [
        ("keras", 5, (None, 5, 1), (None, 5, 1)),
        ("keras", 5, (None, None, 1), (None, 5, 1)),
        ("keras", 5, (None, 4, 1), (None, 5, 1)),
        ("keras", 5, (None, 5, 2), (None, 5)),
        ("keras", 5, (None,), (None, 5)),
        ("keras", 1, (None,), (None,)),
        ("keras", 1, (None, 1), (None, 1)),
        ("keras", 1, (None, 4), (None, 1)),
        ("keras", 5, None, (None, 5)),
        ("onnx", 5, (None, 5, 1), (None, 5)),
        ("onnx", 1, (None, 4), (None, 1)),
        ("onnx", 1, (None,), (None, 1)),
    ],
)
def test_a_model_of_one_input_gets_a_matrix(caller, count, own, expected):
    side = read_side([{"type": "double", "name": f"c{at}"} for at in range(count)], "inputs")
    ends = [Endpoint(name="x", spec=TensorSpec(dtype="float32", shape=own))]
    assert taken(side, ends, caller) == {"x": TensorSpec(dtype="float32", shape=expected)}
