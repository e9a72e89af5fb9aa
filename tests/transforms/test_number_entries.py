from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from sigcheck.adapters.numpy_calls import translate
from sigcheck.planning.search import search
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.transforms import BY_NAME, number_entries

CASES = [
    ("int32[5, 2]", "int32[5, 3]"),
    ("int64[?, 4, 2]", "int64[?, 4, 3]"),
    ("float32[4, ?, 2]", "float32[5, ?, 2]"),
    ("float64[3, 1]", "float64[3, 2]"),
]


def test_that_numbers_are_meant_no_size_says():
    pair = parse_spec("int32[5, 2]"), parse_spec("int32[5, 3]")
    assert BY_NAME["number_entries"].BY_EXAMPLE
    used = {step.transform for plan in search(*pair, Policy()).candidates for step in plan.steps}
    assert "number_entries" not in used
    # Allowed by name they are made up still.
    allowed = search(*pair, Policy(allow=("number_entries",)))
    assert allowed.verdict == "undecided"
    assert any(step.transform == "number_entries" for plan in allowed.candidates for step in plan.steps)


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        ("int32[?, 2]", "int32[?, 3]"),
        ("int32[1, 2]", "int32[1, 3]"),
        ("int32[5, 2]", "int32[5, 4]"),
        ("int32[5, ?]", "int32[5, 3]"),
        ("int32[5, 0]", "int32[5, 1]"),
        ("float16[5, 2]", "float16[5, 3]"),
        ("int32[2]", "int32[3]"),
    ],
)
def test_where_there_is_nothing_to_count_nothing_is_put_in_front(propose, provided, required):
    assert propose("number_entries", provided, required) == []


@pytest.mark.parametrize("size", [0, 1, 3])
@pytest.mark.parametrize("dtype", ["int32", "float64"])
def test_where_the_size_is_open_numbers_stand_before_whatever_is_there(size, dtype):
    spec = parse_spec(f"{dtype}[4, ?]")
    (step,) = number_entries.propose(parse_spec(f"{dtype}[4, 2]"), parse_spec(f"{dtype}[4, 3]"))
    made = number_entries.opened(spec, step)
    assert made.result == spec
    array = np.arange(1, 1 + 4 * size, dtype=dtype).reshape(4, size)
    wanted = np.concatenate([np.array([[0], [1], [2], [3]], dtype), array], 1)
    np.testing.assert_array_equal(number_entries.reference(spec, made, array), wanted)
    code = number_entries.emit(spec, made, "x")
    for text, names in (
        ("\n".join([*code.lines, f"made = {code.expression}"]), {"tf": tf, "x": tf.constant(array)}),
        (_in_numpy(code), {"np": np, "x": array}),
    ):
        exec(text, names)
        found = np.asarray(names["made"])
        assert found.dtype == dtype
        np.testing.assert_array_equal(found, wanted)


def _in_numpy(code):
    said = translate(code, own=number_entries.NUMPY_CALLS)
    return "\n".join([*said.lines, f"made = {said.expression}"])


@pytest.mark.parametrize("facts", [{"range": [0, 9]}, {"id_count": 9}, {"padding": {"value": 0}}])
def test_numbers_are_none_of_the_values_of_which_something_is_known(propose, facts):
    assert propose("number_entries", "int32[5, 2]", "int32[5, 3]", facts) == []
