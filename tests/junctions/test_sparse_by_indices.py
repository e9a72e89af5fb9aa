from __future__ import annotations

import numpy as np
import pytest

from sigcheck.junctions import sparse_by_indices
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.transforms.parts.array import GuardError

CASES = [
    (["int64[?, 2]", "int32[?]", "int64[2]"], ["sparse int32[?, ?]"], None),
    (["int32[?, 3]", "float32[?]", "int32[?]"], ["sparse float32[?, ?, ?]"], None),
    (["int64[?, ?]", "string[?]", "int64[?]"], ["sparse string[?, 9]"], None),
    (["int64[?, 1]", "bool[?]", "int64[1]"], ["sparse bool[?]"], None),
]


def test_a_size_that_is_required_is_demanded(joined):
    (step,) = joined("sparse_by_indices", *CASES[2]).steps
    assert str(step.result) == "sparse string[?, 9]"
    assert step.guard == "the indices are within the shape, each once, and the shape is [?, 9]"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (["int64[?, 2]", "int32[?]"], "2 parts, expected indices, values and the dense shape"),
        (["int32[?]", "int64[?, 2]", "int64[2]"], "part indices is int32"),
        (["float32[?, 2]", "int32[?]", "int64[2]"], "expected int32 or int64 of rank 2"),
        (["int64[?, 2]", "int32[?, 2]", "int64[2]"], "part values is int32"),
        (["int64[?, 2]", "int32[?]", "int64[3]"], "they have other axes"),
        (["int64[4, 2]", "int32[5]", "int64[2]"], "4 indices, and 5 values"),
        (["int64[?, 2]", "ragged int32[?, None]", "int64[2]"], "part values is ragged"),
    ],
)
def test_what_is_no_sparse_tensor_is_said(joined, parts, message):
    with pytest.raises(JunctionError, match=message):
        joined("sparse_by_indices", parts, ["sparse int32[?, ?]"], None)


BROKEN = [
    ([[0, 0], [0, 0]], [1, 2], [2, 2]),
    ([[0, 2]], [1], [2, 2]),
    ([[-1, 0]], [1], [2, 2]),
    ([[0, 0]], [1, 2], [2, 2]),
    ([], [], [-1, 2]),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_entries_that_stand_nowhere_or_twice_are_refused(joined, broken):
    case = joined("sparse_by_indices", *CASES[0])
    places, values, size = (np.array(one, dtype) for one, dtype in zip(broken, ("i8", "i4", "i8"), strict=True))
    with pytest.raises(GuardError):
        sparse_by_indices.reference(case.parts, case.steps[0], [places.reshape(-1, 2), values, size])


@pytest.mark.tensorflow
@pytest.mark.parametrize("broken", BROKEN)
def test_tensorflow_refuses_them_too(joined, broken):
    import tensorflow as tf

    case = joined("sparse_by_indices", *CASES[0])
    code = sparse_by_indices.emit(case.parts, case.steps[0], ["a", "b", "c"])
    places, values, size = broken
    scope = {
        "tf": tf,
        "a": tf.reshape(tf.constant(places, tf.int64), [-1, 2]),
        "b": tf.constant(values, tf.int32),
        "c": tf.constant(size, tf.int64),
    }
    # Of sizes that are known before it is run TensorFlow says it otherwise.
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError)):
        exec("\n".join([*code.lines, f"x = {code.expression}"]), scope)


def test_entries_in_any_order_are_those_of_their_places(joined):
    case = joined("sparse_by_indices", *CASES[0])
    made = sparse_by_indices.reference(
        case.parts, case.steps[0], [np.array([[1, 0], [0, 1]]), np.array([7, 8], "i4"), np.array([2, 2])]
    )
    assert made.indices.tolist() == [[0, 1], [1, 0]]
    assert made.values.tolist() == [8, 7]
