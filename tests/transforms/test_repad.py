from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import repad
from sigcheck.transforms.parts.array import GuardError


def filled(value, side="post"):
    return {"padding": {"value": value, "side": side}}


CASES = [
    ("any[?, 7]", "any[?, 7]", filled(0), filled(1)),
    ("int32[?, ?]", "int32[?, ?]", filled(0), filled(-1, "pre")),
    ("int64[3, 7]", "int64[3, 7]", filled(1, "pre"), filled(0)),
    ("uint8[?, 7]", "uint8[?, 7]", filled(0, "pre"), filled(9, "pre")),
    ("float32[?, 7]", "float32[?, 7]", filled(-1), filled(0.5)),
    ("string[?, 7]", "string[?, 7]", filled(""), filled("[PAD]", "pre")),
    ("int32[7, ?]", "int32[7, ?]", {**filled(0), "axes": ["time", "batch"]}, {**filled(-1), "axes": ["time", "batch"]}),
    ("bool[?, 7]", "bool[?, 7]", filled(False), filled(True)),
    ("int32[?, 7]", "int32[?, 7]", {**filled(10), "id_count": 11}, {**filled(0), "id_count": 10}),
    ("uint8[?, 7]", "uint8[?, 7]", {**filled(10), "id_count": 11}, {**filled(0, "pre"), "id_count": 10}),
    *[(f"{dtype}[?, 7]", f"{dtype}[?, 7]", filled("nan"), filled(0)) for dtype in ("float32", "bfloat16", "float64")],
    ("float16[?, 7]", "float16[?, 7]", filled("nan", "pre"), filled("nan")),
]


@pytest.mark.parametrize(
    ("before", "after", "row", "expected"),
    [
        ((0, "post"), (-1, "post"), [5, 0, 3, 0, 0], [5, 0, 3, -1, -1]),
        ((0, "pre"), (-1, "pre"), [0, 0, 5, 0, 3], [-1, -1, 5, 0, 3]),
        ((0, "post"), (-1, "pre"), [5, 0, 3, 0, 0], [-1, -1, 5, 0, 3]),
        ((0, "pre"), (0, "post"), [0, 0, 5, 0, 3], [5, 0, 3, 0, 0]),
        ((0, "post"), (-1, "post"), [0, 0, 0, 0, 0], [-1, -1, -1, -1, -1]),
        ((0, "pre"), (-1, "post"), [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
    ],
)
def test_what_is_in_a_row_stays(before, after, row, expected):
    given, wanted = (
        TensorSpec(dtype="int32", shape=(None, 5), facts=Facts(padding=Padding(value=value, side=side)))
        for value, side in (before, after)
    )
    (step,) = repad.propose(given, wanted)
    assert repad.reference(given, step, np.asarray([row], np.int32)).tolist() == [expected]
    assert (step.guard, step.loss, step.assumption) == (None, "exact", None)


def test_values_are_converted_first(propose):
    facts = [{**filled(0), "range": [0, 255]}, {**filled(-1), "range": [0, 1]}]
    assert propose("repad", "float32[?, 7]", "float32[?, 7]", *facts) == []


def test_a_filling_that_was_computed_is_not_looked_for(propose):
    assert propose("repad", "float32[?, 7]", "float32[?, 7]", filled(0.1), filled(0)) == []


def test_rows_lie_along_time_where_the_batch_is_named_behind_it():
    given, wanted = (
        TensorSpec(dtype="int32", shape=(2, 2), facts=Facts(axes=("time", "batch"), padding=Padding(value=value)))
        for value in (0, -1)
    )
    (step,) = repad.propose(given, wanted)
    # The first example is one long, the second two: its 0 is a value.
    assert repad.reference(given, step, np.asarray([[1, 0], [0, 3]], np.int32)).tolist() == [[1, 0], [-1, 3]]


def test_the_last_id_is_no_id_where_it_only_fills_rows(propose):
    (step,) = propose(
        "repad", "int32[?, 4]", "int32[?, 4]", {**filled(10), "id_count": 11}, {**filled(0), "id_count": 10}
    )
    assert (step.result.facts.id_count, step.guard) == (10, "10 only fills rows")
    spec = TensorSpec(dtype="int32", shape=(None, 4))
    assert repad.reference(spec, step, np.array([[3, 9, 10, 10]], np.int32)).tolist() == [[3, 9, 0, 0]]
    with pytest.raises(GuardError):
        repad.reference(spec, step, np.array([[3, 10, 9, 10]], np.int32))


def test_of_ids_that_the_consumer_lacks_besides_nothing_is_taken_for_granted(propose):
    (step,) = propose(
        "repad", "int32[?, 4]", "int32[?, 4]", {**filled(10), "id_count": 11}, {**filled(0), "id_count": 9}
    )
    assert (step.result.facts.id_count, step.guard) == (11, None)


def test_what_is_no_number_is_told_from_numbers(propose):
    (step,) = propose("repad", "float32[?, 4]", "float32[?, 4]", filled("nan"), filled(-1))
    spec = TensorSpec(dtype="float32", shape=(None, 4), facts=Facts(padding=Padding(value="nan")))
    rows = np.asarray([[1, np.nan, 2, np.nan], [np.nan] * 4, [np.inf, 0, -1, 3]], np.float32)
    found = repad.reference(spec, step, rows)
    np.testing.assert_equal(found, np.asarray([[1, np.nan, 2, -1], [-1] * 4, [np.inf, 0, -1, 3]], np.float32))
