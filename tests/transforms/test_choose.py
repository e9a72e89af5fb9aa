from __future__ import annotations

import pytest

from sigcheck.planning.search import search
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.transforms import BY_NAME

CASES = [
    ("any[?, 3]", "any[?, 2]"),
    ("float32[?, 3, 2]", "float32[?, 3]"),
    ("int32[4, ?]", "int32[1, ?]"),
]


def test_which_are_meant_no_size_says():
    pair = parse_spec("int32[?, 3]"), parse_spec("int32[?, 2]")
    assert BY_NAME["choose"].BY_EXAMPLE
    used = {step.transform for plan in search(*pair, Policy(loss="truncating")).alternatives for step in plan.steps}
    assert "choose" not in used
    allowed = search(*pair, Policy(loss="truncating", allow=("choose",)))
    assert allowed.verdict == "undecided"
    assert any(step.transform == "choose" for plan in allowed.candidates for step in plan.steps)


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        ("int32[?, 3]", "int32[?, 4]"),
        ("int32[?, 3]", "int32[?, ?]"),
        ("int32[5, 3]", "int32[4, 2]"),
        ("int32[?, 100]", "int32[?, 50]"),
    ],
)
def test_where_two_axes_differ_or_the_choice_is_too_large_nothing_is_chosen(propose, provided, required):
    assert propose("choose", provided, required) == []
