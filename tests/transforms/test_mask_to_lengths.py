from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import mask_to_lengths
from sigcheck.transforms.parts.array import GuardError

MASK, LENGTHS = {"meaning": "mask"}, {"meaning": "lengths"}
CASES = [
    ("any[?, 9]", "int64[?]", MASK, LENGTHS),
    ("bool[3, ?]", "int32[3]", MASK, LENGTHS),
    ("int32[9, ?]", "int64[?]", MASK | {"axes": ["time", "batch"]}, LENGTHS),
]


def test_a_mask_and_lengths_lead_to_each_other():
    mask = parse_spec("int32[?, 4]").replace(facts=Facts.model_validate(MASK))
    lengths = parse_spec("int32[?]").replace(facts=Facts.model_validate(LENGTHS))
    there, back = search(mask, lengths), search(lengths, mask)
    assert (there.verdict, back.verdict) == ("guarded", "guarded")
    made = mask_to_lengths.reference(mask, there.plan.steps[0], np.array([[1, 1, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]]))
    assert made.tolist() == [2, 0, 4]


@pytest.mark.parametrize("row", [[0, 1], [1, 0, 1], [0, 0, 0, 1]])
def test_a_mask_with_a_gap_has_no_length(propose, row):
    (step,) = propose("mask_to_lengths", "int32[?, ?]", "int64[?]", MASK, LENGTHS)
    with pytest.raises(GuardError):
        mask_to_lengths.reference(parse_spec("int32[?, ?]"), step, np.array([row]))


def test_what_is_no_mask_is_left_to_lengths(propose):
    assert propose("mask_to_lengths", "int32[?, 9]", "int64[?]", {"meaning": "token_ids"}, LENGTHS) == []


@pytest.mark.parametrize(
    ("name", "required", "theirs"),
    [
        ("mask_to_lengths", "int32[?]", LENGTHS),
        ("repad", "int32[?, 4]", {**MASK, "padding": {"value": 0}}),
        ("dense_to_ragged", "ragged int32[?, None]", {}),
    ],
)
def test_what_fills_a_mask_is_no_one_of_it(propose, name, required, theirs):
    """A row of two of [1, 1, 1, 1], filled with ones, has no end that could be found."""
    steps = {one: propose(name, "int32[?, 4]", required, {**MASK, "padding": {"value": one}}, theirs) for one in (0, 1)}
    assert steps[1] == []
    assert steps[0] or name == "repad"
