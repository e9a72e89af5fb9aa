from __future__ import annotations

import pytest

from sigcheck.schema.agreement import conflicts, undeclared
from sigcheck.schema.example_features import Features
from sigcheck.schema.facts import Facts
from sigcheck.schema.feature_agreement import feature_differences
from sigcheck.schema.notation import parse_spec


def problems(given, wanted):
    sides = ({} if one is None else {"f": one} for one in (given, wanted))
    ours, theirs = (Features.model_validate({"other": "int64[]", **one}) for one in sides)
    return [(one.name, one.problem) for one in feature_differences(ours, theirs)]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("float32[3]", "float32[3]"),
        ("float32[3]", "float32[3, 1]"),
        ("float32[6]", "float32[2, 3]"),
        ("float32[2, 3]", "float32[6]"),
        ("float32[3]", "float32[?]"),
        ("float32[?]", "float32[?]"),
        ("float32[4]", "float32[?, 2]"),
        ("float32[3] optional", "float32[3] optional"),
        ("float32[3] optional", "float32[?]"),
        (None, "float32[?]"),
        (None, "float32[3] optional"),
        ("float32[3]", None),
        ("int64[] per_step", "int64[?] per_step"),
    ],
)
def test_features_that_can_be_parsed_of_every_example(given, wanted):
    assert problems(given, wanted) == []


@pytest.mark.parametrize(
    ("given", "wanted", "problem"),
    [
        (None, "float32[3]", "not among them, and no default stands for it"),
        ("int64[3]", "float32[3]", "int64, and float32 is parsed"),
        ("int64[3]", "float32[3] optional", "int64, and float32 is parsed"),
        ("float32[3] optional", "float32[3]", "may be absent, and no default stands for it"),
        ("float32[2]", "float32[3]", "2 values, 3 are parsed"),
        ("float32[2]", "float32[]", "2 values, 1 is parsed"),
        ("float32[?]", "float32[3]", "any number of values, 3 are parsed"),
        ("float32[3]", "float32[?, 2]", "3 values, rows of 2 are parsed"),
        ("float32[?]", "float32[?, 2]", "any number of values, rows of 2 are parsed"),
        ("float32[?, 3]", "float32[?, 2]", "rows of 3, rows of 2 are parsed"),
        ("float32[2, 3]", "float32[3, 2]", "laid out as [2, 3], and parsed as [3, 2]"),
        ("float32[?, 4]", "float32[?, 2]", "laid out as [?, 4], and parsed as [?, 2]"),
        ("int64[]", "int64[] per_step", "there once, and once in each step is parsed"),
    ],
)
def test_features_that_cannot(given, wanted, problem):
    assert problems(given, wanted) == [("f", problem)]


def test_features_are_compared_as_other_facts_are():
    ours, theirs, unknown = (
        parse_spec("string[?]").replace(facts=Facts.model_validate(facts))
        for facts in ({"features": {"a": "int64[2]"}}, {"features": {"a": "int64[3]"}}, {})
    )
    assert conflicts(ours, theirs) == ("features",)
    assert (conflicts(ours, ours), conflicts(ours, unknown)) == ((), ())
    assert "features" in undeclared(ours, unknown)
    assert "features" in undeclared(unknown, theirs)
