from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import mark_greatest

SCORES, MASK = {"meaning": "logits"}, {"meaning": "mask"}
CASES = [
    ("any[?, 3]", "int32[?, 3]", SCORES, MASK),
    *[("float32[?, 3]", f"{to}[?, 3]", SCORES, MASK) for to in ("bool", "float32", "int64")],
    ("float32[3, ?]", "int32[3, ?]", {**SCORES, "axes": ["class", "batch"]}, MASK),
    ("float32[?, 4, 3]", "int32[?, 4, 3]", {"meaning": "probabilities"}, MASK),
]


def test_of_two_that_are_as_great_the_first_is_marked(propose):
    (step,) = propose("mark_greatest", "float32[?, 3]", "int32[?, 3]", SCORES, MASK)
    spec = TensorSpec(dtype="float32", shape=(None, 3), facts=Facts(meaning="logits"))
    made = mark_greatest.reference(spec, step, np.array([[0.4, 0.4, 0.2], [0, 0, 1]], np.float32))
    assert made.tolist() == [[1, 0, 0], [0, 0, 1]]
    assert step.loss == "irreversible"


@pytest.mark.parametrize(
    ("provided", "facts"),
    [("float32[?, 3]", {}), ("float32[?, 1]", SCORES), ("float32[?, ?]", SCORES), ("float32[3]", SCORES)],
)
def test_without_scores_of_several_classes_there_is_no_greatest(propose, provided, facts):
    assert propose("mark_greatest", provided, "int32[?, 3]", facts, MASK) == []


def test_of_rows_that_both_sides_fill_none_is_marked_where_it_is_filled(propose):
    filled = {"padding": {"value": 0}}
    facts = {**SCORES, **filled}, {**MASK, **filled}
    assert propose("mark_greatest", "float32[?, 4, 3]", "int32[?, 4, 3]", *facts) == []
