from __future__ import annotations

import pytest

from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms.parts.boxes import may_be_boxes


@pytest.mark.parametrize(
    ("spec", "may"),
    [("float32[4]", True), ("float32[?, ?]", True), ("float32[*]", True), ("float32[]", False), ("string[4]", False)],
)
def test_four_numbers_stand_along_the_last_axis(spec, may):
    assert may_be_boxes(parse_spec(spec)) is may


@pytest.mark.parametrize(
    ("provided", "required", "steps"),
    [
        ("float32[?, 9, 4]", "float32[9, ?, 4]", None),
        ("float32[?, 9, 4]", "float32[?, 1, 9, 4]", ["expand_dims"]),
        ("float32[?, 3, 3, 4]", "float32[?, 9, 4]", ["reshape"]),
        ("float32[?, 9, 4]", "float32[?, 9, 4, 1]", None),
        ("float32[9, 4]", "float32[9, 1, 4]", ["expand_dims"]),
    ],
)
def test_only_axes_before_them_are_moved(provided, required, steps):
    told = Facts.model_validate({"boxes": "yxyx"})
    outcome = search(*(parse_spec(text).replace(facts=told) for text in (provided, required)))
    found = None if outcome.plan is None else [step.transform for step in outcome.plan.steps]
    assert found == steps or (steps is None and "transpose" in (found or []))
