from __future__ import annotations

import json

import pytest

from sigcheck.schema.inferred import Inferred


@pytest.mark.parametrize(
    ("name", "value"),
    [("least_sizes", (None, 11, None)), ("last_size", 4), ("range", (0.0, 1.0)), ("softmax_applied", True)],
)
def test_a_claim_is_the_same_behind_json(name, value):
    claim = Inferred(name=name, value=value, tier="proved", reason="the graph")
    assert Inferred.model_validate(json.loads(claim.model_dump_json())) == claim


def test_a_claim_is_a_fact_or_a_clue():
    with pytest.raises(ValueError, match="'size' is neither a fact nor a clue"):
        Inferred(name="size", value=3, tier="proved", reason="the graph")
