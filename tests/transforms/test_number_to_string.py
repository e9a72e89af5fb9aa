from __future__ import annotations

import pytest

IDS = {"meaning": "class_ids"}
KINDS = [
    ("ragged int64[?, None]", "ragged string[?, None]", IDS, IDS),
    ("sparse int32[?, 9]", "sparse string[?, 9]", IDS, IDS),
]
CASES = [("any[?]", "string[?]", IDS, IDS), ("int64[]", "string[]", IDS, IDS), *KINDS]


def test_only_declared_whole_numbers_are_written(propose):
    assert propose("number_to_string", "int64[?]", "string[?]") == []
    assert propose("number_to_string", "float32[?]", "string[?]", IDS, IDS) == []
    (step,) = propose("cast", "float32[?]", "string[?]", IDS, IDS)
    assert step.arguments == {"dtype": "int64", "check": "kept"}


def test_what_fills_the_rows_is_written_too(propose):
    (step,) = propose("number_to_string", "int64[?, 9]", "string[?, 9]", {**IDS, "padding": {"value": -1}}, IDS)
    assert step.result.facts.padding.value == "-1"


@pytest.mark.parametrize("filler", ["", "nan", 0.5])
def test_what_no_number_of_the_type_is_is_not_written(propose, filler):
    facts = {**IDS, "padding": {"value": filler}}
    assert propose("number_to_string", "int64[?, 9]", "string[?, 9]", facts, IDS) == []
