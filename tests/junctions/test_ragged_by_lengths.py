from __future__ import annotations

import numpy as np
import pytest

from sigcheck.junctions import ragged_by_lengths
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms.parts.array import GuardError

CASES = [
    (["int32[?]", "int64[?]"], ["ragged int32[?, None]"], None),
    (["float32[?, 4]", "int32[?]"], ["ragged float32[?, None, 4]"], None),
    (["string[?, 12]", "int32[?]"], ["ragged string[?, None]"], None),
    (["float32[?, ?, 4]", "int64[3]"], ["ragged float32[3, None, 4]"], None),
    (["int32[3, 7]", "int64[?]"], ["ragged int32[3, None]"], None),
]


def test_values_of_the_rank_of_the_rows_are_filled_up_and_others_stand_behind_one_another(joined):
    flat, padded = (
        joined("ragged_by_lengths", [values, "int64[?]"], ["ragged int32[?, None]"], None).steps[0]
        for values in ("int32[?]", "int32[?, 9]")
    )
    assert (flat.arguments, flat.guard) == ({"form": "flat"}, "the lengths add up to the values")
    assert (padded.arguments, padded.guard) == ({"form": "padded"}, "each length is within its row")
    assert str(flat.result) == str(padded.result) == "ragged int32[?, None]"


@pytest.mark.parametrize(
    ("values", "meaning", "required", "is_way"),
    [
        ("int32[?]", "lengths", "int32[?, 6]", True),
        ("int32[?]", None, "int32[?, 6]", False),
        ("int32[?, 4]", "lengths", "int32[?, 6]", False),
        ("int32[?]", None, "ragged int32[?, None]", True),
        ("int32[?, 4]", None, "ragged int32[?, None]", True),
    ],
)
def test_a_dense_tensor_is_filled_only_from_what_is_declared_to_be_lengths(values, meaning, required, is_way):
    lengths = parse_spec("int64[?]").replace(facts=Facts(meaning=meaning))
    filled = parse_spec(required).replace(facts=Facts(padding=Padding(value=0)) if meaning else Facts())
    assert ragged_by_lengths.ways([parse_spec(values), lengths], [filled]) == ([None] if is_way else [])


@pytest.mark.parametrize(
    ("values", "lengths", "message"),
    [
        ("int32[?]", "float32[?]", "expected int32 or int64 of rank 1"),
        ("int32[?]", "int64[?, 1]", "expected int32 or int64 of rank 1"),
        ("int32[?]", ("int64[?]", {"meaning": "token_ids"}), "declared as token_ids"),
        ("int32[]", "int64[?]", "rank 1 at least"),
        ("int32[?, 2, 3]", "int64[?]", "neither the rows"),
        ("int32[4, 9]", "int64[5]", "4 rows, there are 5 lengths"),
        ("float8_e5m2[?]", "int64[?]", "the values are float8_e5m2"),
    ],
)
def test_what_are_no_values_and_lengths_is_said(joined, values, lengths, message):
    with pytest.raises(JunctionError, match=message):
        joined("ragged_by_lengths", [values, lengths], ["ragged int32[?, None]"], None)


@pytest.mark.parametrize(
    ("values", "lengths", "required"),
    [
        ("int32[?]", [2, 2], "ragged int32[?, None]"),
        ("int32[?]", [4, -1], "ragged int32[?, None]"),
        # Their sum wraps to that of the values.
        ("int32[?]", [2**63 - 1, 2**63 - 1, 5], "ragged int32[?, None]"),
    ],
)
def test_lengths_that_do_not_add_up_are_refused(joined, values, lengths, required):
    case = joined("ragged_by_lengths", [values, "int64[?]"], [required], None)
    with pytest.raises(GuardError):
        ragged_by_lengths.reference(case.parts, case.steps[0], [np.arange(3, dtype=np.int32), np.array(lengths)])


@pytest.mark.tensorflow
@pytest.mark.parametrize("splits", ["int32", "int64"])
@pytest.mark.parametrize(
    ("values", "lengths"),
    [
        ([1, 2, 3], [2**63 - 1, 2**63 - 1, 5]),
        ([1, 2, 3], [2**32 + 3]),
        ([[1, 2], [3, 4]], [2, 3]),
        ([[1, 2], [3, 4]], [1]),
        ([[1, 2], [3, 4]], [1, -1]),
    ],
)
def test_tensorflow_refuses_them_too(joined, values, lengths, splits):
    import tensorflow as tf

    rank = np.ndim(values)
    part = "int32[?]" if rank == 1 else "int32[?, 2]"
    case = joined("ragged_by_lengths", [part, "int64[?]"], ["ragged int32[?, None]"], None)
    step = case.steps[0].model_copy(update={"result": case.steps[0].result.replace(row_splits_dtype=splits)})
    code = ragged_by_lengths.emit(case.parts, step, ["values", "lengths"])
    scope = {"tf": tf, "values": tf.constant(values), "lengths": tf.constant(lengths, tf.int64)}
    with pytest.raises(tf.errors.InvalidArgumentError):
        exec("\n".join([*code.lines, f"x = {code.expression}"]), scope)


def test_the_axes_of_flat_values_are_behind_that_of_the_rows(joined):
    facts = {"axes": ["token", "feature"], "quantization": {"scale": [1, 2], "zero_point": [0, 0], "axis": 1}}
    lengths = ("int64[?]", {"axes": ["batch"], "meaning": "lengths"})
    (step,) = joined("ragged_by_lengths", [("int8[?, 2]", facts), lengths], ["ragged int8[?, None, 2]"], None).steps
    assert step.result.facts.axes == ("batch", "token", "feature")
    assert step.result.facts.quantization.axis == 2


def test_a_name_of_the_rows_is_given_to_no_second_axis(joined):
    values, lengths = (("int32[?, 2]", {"axes": ["batch", "feature"]}), ("int64[?]", {"axes": ["batch"]}))
    (step,) = joined("ragged_by_lengths", [values, lengths], ["ragged int32[?, None, 2]"], None).steps
    assert step.result.facts.axes == ("batch", None, "feature")
