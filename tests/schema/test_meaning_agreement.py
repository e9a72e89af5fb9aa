from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.meaning_agreement import beyond_meaning

MASK, SHARES = {"meaning": "mask"}, {"meaning": "probabilities"}
FILLED = {"padding": {"value": -1}}


@pytest.mark.parametrize(
    ("provided", "required", "said"),
    [
        ({"id_count": 3}, MASK, "ids up to 2"),
        ({"id_count": 2}, MASK, None),
        ({"range": [0, 255]}, MASK, "values in [0, 255]"),
        ({"range": [-1, 1]}, SHARES, "values in [-1, 1]"),
        ({"range": [0, 1.001]}, SHARES, None),
        # Additive masks say what their values are, and so do scaled ones.
        ({"range": [-10000, 0]}, {**MASK, "range": [-10000, 0]}, None),
        (FILLED, MASK, "rows filled with -1"),
        ({"padding": {"value": "[PAD]"}}, MASK, "rows filled with '[PAD]'"),
        ({"padding": {"value": 1}}, MASK, None),
        ({"padding": {"value": False}}, MASK, None),
        (FILLED, {**MASK, **FILLED}, None),
        (FILLED, SHARES, None),
        ({"range": [0, 255]}, {"meaning": "logits"}, None),
        ({"range": [0, 255], "meaning": "mask"}, MASK, None),
        ({"range": [0, 255], "normalization": {"mean": 0, "std": 255}}, SHARES, None),
    ],
)
def test_what_no_value_of_a_meaning_can_be_is_told(provided, required, said):
    assert beyond_meaning(Facts.model_validate(provided), Facts.model_validate(required)) == said
