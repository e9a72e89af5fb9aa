from __future__ import annotations

import pytest

CSV = {"meaning": "csv"}
CASES = [
    ("string[?]", "float32[?, 3]", CSV, {}),
    ("string[?]", "int64[?, 2]", CSV, {}),
    ("string[]", "float64[1]", CSV, {}),
    ("string[?]", "uint8[?, 4]", {**CSV, "axes": ["batch"]}, {}),
]


@pytest.mark.parametrize(
    ("given", "required", "wants"),
    [
        ({}, "float32[?, 3]", {}),
        (CSV, "float32[?, ?]", {}),
        (CSV, "float32[?, 0]", {}),
        (CSV, "float32[?]", {}),
        (CSV, "string[?, 3]", {}),
        (CSV, "float32[?, 3]", {"meaning": "probabilities"}),
    ],
)
def test_what_nobody_says_how_to_read_is_left_alone(propose, given, required, wants):
    assert propose("decode_csv", "string[?]", required, given, wants) == []


def test_what_is_assumed_and_guarded_is_said(propose):
    (step,) = propose("decode_csv", "string[?]", "float32[?, 3]", CSV, {})
    assert step.assumption == "the columns stand in the order of the consumer's entries"
    assert (step.loss, step.guard) == ("rounding", "every string is a line of 3 numbers of float32")
