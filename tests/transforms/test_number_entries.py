from __future__ import annotations

import pytest

from sigcheck.planning.search import search
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.transforms import BY_NAME

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


@pytest.mark.parametrize("facts", [{"range": [0, 9]}, {"id_count": 9}, {"padding": {"value": 0}}])
def test_numbers_are_none_of_the_values_of_which_something_is_known(propose, facts):
    assert propose("number_entries", "int32[5, 2]", "int32[5, 3]", facts) == []
