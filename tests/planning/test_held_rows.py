from __future__ import annotations

import pytest

from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy

# In other numbers, of which the least is what fills rows: they are freed, converted and filled again.
GIVES = {"axes": ["batch", "time"], "range": [-1, 1], "padding": {"value": 0}}
STORED = {"scale": 323.7895256916996, "zero_point": -25}
WANTS = {
    "axes": ["batch", "time"],
    "range": [-32768, 32767],
    "quantization": STORED,
    "padding": {"value": -128, "side": "pre"},
}


def planned(provided, required, **policy):
    ours, theirs = (
        parse_spec(text).replace(facts=Facts.model_validate(facts))
        for text, facts in ((provided, GIVES), (required, WANTS))
    )
    return search(ours, theirs, Policy(**policy))


@pytest.mark.parametrize("size", [9, 12])
@pytest.mark.parametrize("policy", [{}, {"loss": "truncating"}, {"guard": False}])
def test_freed_rows_are_no_longer_than_they_were(size, policy):
    outcome = planned("float16[?, 9]", f"int8[?, {size}]", **policy)
    assert "ragged_to_dense" in [step.transform for step in outcome.plan.steps]
    assert outcome.verdict == "adapts"
    assert "truncating" not in {step.loss for step in outcome.plan.steps}


@pytest.mark.parametrize("provided", ["float16[?, 9]", "float16[?, ?]"])
def test_of_longer_rows_the_run_decides(provided):
    """Of nine entries six may be values, and so may ten of any number."""
    outcome = planned(provided, "int8[?, 6]")
    plans = outcome.candidates or (outcome.plan,)
    assert all(any(step.guard for step in plan.steps) for plan in plans)


def test_rows_of_scores_are_held_through_their_activation():
    facts = {"axes": ["batch", "time", "class"], "padding": {"value": 0}}
    ours, theirs = (
        parse_spec("float32[?, 8, 10]").replace(facts=Facts.model_validate({**facts, "meaning": meaning}))
        for meaning in ("logits", "probabilities")
    )
    outcome = search(ours, theirs)
    assert outcome.verdict == "adapts"
    assert [step.transform for step in outcome.plan.steps] == ["dense_to_ragged", "activation", "ragged_to_dense"]
