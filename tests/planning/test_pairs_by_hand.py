"""Pairs with a verdict that was worked out by hand: facts on both sides, names, axes from behind, rows, tiny sizes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy

PAIRS = json.loads((Path(__file__).parent / "pairs_by_hand.json").read_text())


def spec_of(text, facts):
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['from']}-{pair['to']}")
def test_the_verdict_is_the_one_worked_out(pair):
    provided, required = spec_of(pair["from"], pair.get("gives", {})), spec_of(pair["to"], pair.get("wants", {}))
    outcome = search(provided, required, Policy(**pair.get("policy", {})))
    assert outcome.verdict == pair["verdict"], (str(outcome.plan), [*map(str, outcome.candidates)])
    # None of them is a question that only a limit leaves open.
    assert not outcome.is_stopped
