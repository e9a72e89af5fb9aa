from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import lengths_to_mask
from sigcheck.transforms.parts.array import GuardError

LENGTHS, MASK = {"meaning": "lengths"}, {"meaning": "mask"}
CASES = [
    ("any[?]", "int32[?, 5]", LENGTHS, MASK),
    *[("int32[?]", f"{to}[?, 5]", LENGTHS, MASK) for to in ("bool", "float32", "bfloat16", "int64")],
    ("int64[4]", "bool[?, 5]", {**LENGTHS, "axes": ["batch"]}, {**MASK, "axes": ["batch", "time"]}),
    ("uint8[?]", "bool[?, 300]", LENGTHS, MASK),
    *[(f"{dtype}[?]", "bool[?, ?]", LENGTHS, MASK) for dtype in ("int8", "uint32", "int64")],
    ("int64[?]", "float32[?, 1, 1, ?]", LENGTHS, MASK),
    *[(f"{dtype}[?]", "bool[?, 5]", LENGTHS, MASK) for dtype in ("float16", "bfloat16", "float32", "float64")],
]


def test_what_is_behind_the_length_is_no_value(propose):
    (step,) = propose("lengths_to_mask", "int32[?]", "int32[?, 5]", LENGTHS, MASK)
    spec = TensorSpec(dtype="int32", shape=(None,), facts=Facts(meaning="lengths"))
    made = lengths_to_mask.reference(spec, step, np.array([3, 0, 5], np.int32))
    assert made.tolist() == [[1, 1, 1, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]]
    with pytest.raises(GuardError):
        lengths_to_mask.reference(spec, step, np.array([6], np.int32))


@pytest.mark.parametrize("names", [{}, {"axes": ["batch"]}])
def test_a_mask_with_its_batch_behind_has_its_rows_in_front(propose, names):
    """Its size is how long the rows are, and not how many examples it takes, and its axes are turned by their names."""
    turned = {**MASK, "axes": ["time", "batch"]}
    (step,) = propose("lengths_to_mask", "int32[?]", "int32[9, ?]", {**LENGTHS, **names}, turned)
    assert (step.arguments["size"], step.result.facts.axes) == (9, ("batch", "time"))


def test_a_type_that_has_no_greater_number_needs_no_guard(propose):
    (step,) = propose("lengths_to_mask", "uint8[?]", "bool[?, 255]", LENGTHS, MASK)
    assert (step.guard, step.loss) == (None, "exact")


@pytest.mark.parametrize(
    ("provided", "required", "facts"),
    [
        ("int32[?]", "int32[?, 5]", {}),
        ("int32[?, 5]", "int32[?, 5]", LENGTHS),
    ],
)
def test_what_is_no_list_of_lengths_is_left_alone(propose, provided, required, facts):
    assert propose("lengths_to_mask", provided, required, facts, MASK) == []


def test_a_mask_of_open_size_is_as_long_as_the_longest(propose):
    (step,) = propose("lengths_to_mask", "int32[?]", "bool[?, ?]", LENGTHS, MASK)
    spec = TensorSpec(dtype="int32", shape=(None,), facts=Facts(meaning="lengths"))
    assert lengths_to_mask.reference(spec, step, np.array([2, -1, 1], np.int32)).tolist() == [
        [True, True],
        [False, False],
        [True, False],
    ]
    assert lengths_to_mask.reference(spec, step, np.zeros(0, np.int32)).shape == (0, 0)
    assert (step.assumption, step.cost.assumptions) == ("rows are as long as the longest of their batch", 1)


def test_lengths_beyond_int64_are_those_of_no_open_mask(propose):
    assert propose("lengths_to_mask", "uint64[?]", "bool[?, ?]", LENGTHS, MASK) == []
    assert propose("lengths_to_mask", "uint64[?]", "bool[?, 9]", LENGTHS, MASK)


def test_lengths_in_floats_are_whole_or_refused(propose):
    (step,) = propose("lengths_to_mask", "float32[?]", "bool[?, 3]", LENGTHS, MASK)
    spec = TensorSpec(dtype="float32", shape=(None,), facts=Facts(meaning="lengths"))
    made = lengths_to_mask.reference(spec, step, np.array([2, -np.inf], np.float32))
    assert made.tolist() == [[True, True, False], [False] * 3]
    for refused in (1.5, 4, np.nan, np.inf):
        with pytest.raises(GuardError):
            lengths_to_mask.reference(spec, step, np.array([refused], np.float32))
    assert propose("lengths_to_mask", "float32[?]", "bool[?, ?]", LENGTHS, MASK) == []


@pytest.mark.parametrize("stored", [{"normalization": {"mean": 0, "std": 2}}, {"range": (0, 1)}])
def test_numbers_that_stand_for_lengths_are_none(propose, stored):
    assert propose("lengths_to_mask", "float32[?]", "bool[?, 5]", {**LENGTHS, **stored}, MASK) == []
    assert len(propose("lengths_to_mask", "float32[?]", "bool[?, 5]", {**LENGTHS, "range": (0, 5)}, MASK)) == 1


def test_normalized_lengths_are_brought_back_first():
    told = {"normalization": {"mean": [0], "std": [2], "raw_range": [0, 4]}, **LENGTHS}
    given = TensorSpec(dtype="float32", shape=(None,), facts=Facts.model_validate(told))
    wanted = TensorSpec(dtype="bool", shape=(None, 4), facts=Facts(meaning="mask"))
    plan = search(given, wanted).plan
    assert [step.transform for step in plan.steps] == ["destandardize", "lengths_to_mask"]
    assert run(given, plan, np.array([1, 2], np.float32)).sum(axis=1).tolist() == [2, 4]


def test_lengths_in_a_row_of_one_may_end_at_one(propose):
    assert len(propose("lengths_to_mask", "float32[?]", "bool[?, 1]", {**LENGTHS, "range": (0, 1)}, MASK)) == 1


@pytest.mark.parametrize(("dtype", "most"), [("bfloat16", 255), ("float16", 2047), ("float32", 2**24 - 1)])
def test_a_float_has_no_lengths_that_it_rounds(propose, dtype, most):
    """257 in bfloat16 is 256, before any guard sees it."""
    assert propose("lengths_to_mask", f"{dtype}[?]", f"bool[?, {most}]", LENGTHS, MASK)
    assert propose("lengths_to_mask", f"{dtype}[?]", f"bool[?, {most + 1}]", LENGTHS, MASK) == []
