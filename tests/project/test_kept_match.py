"""What a lint takes of the cache is what it planned: the law, over a pair of specs for every case of a transform."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

import tests.transforms
from sigcheck import Policy
from sigcheck.adapters.python_source import write_python
from sigcheck.planning.matching import feed
from sigcheck.project.kept_match import keep, restore
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms import BY_NAME
from tests.transforms.conftest import expand

SIDE = Side(source="model", reader="saved_model", key="serving_default")
NAN = ["float32[?, 9]", "ragged float32[?, None]", "float32[?, 7]", "float32[?]", "sparse float32[?, 9]"]


def pairs(name):
    """The first pair of each case of a transform, as the test file of it has them."""
    cases = runpy.run_path(str(Path(tests.transforms.__path__[0]) / f"test_{name}.py"))["CASES"]
    return [next(expand(case)) for case in cases]


NO_STEPS = {"plan": None, "nearest": None, "candidates": (), "alternatives": (), "parts": (), "junction": None}


def told(binding):
    """All that is told of a binding, or follows from its steps, whose lists JSON has for tuples."""
    plans = (binding.plan, binding.nearest, *binding.candidates, *binding.alternatives)
    steps = [None if plan is None else [told_of(step) for step in plan.steps] for plan in plans]
    junction = None if binding.junction is None else told_of(binding.junction)
    return binding.model_copy(update=NO_STEPS), steps, junction, [told(part) for part in binding.parts]


def told_of(step):
    return str(step), step.model_copy(update={"arguments": {}, "instead_of": None})


def is_same(provided, required, policy):
    """Whether a match of the pair comes back as it was."""
    outputs, inputs = (Endpoint(name="x", spec=provided),), (Endpoint(name="x", spec=required),)
    match = feed(outputs, inputs, policy=policy)
    found = restore(json.loads(json.dumps(keep(match))), outputs, inputs)
    assert [*map(told, found.bindings)] == [*map(told, match.bindings)], f"{provided} -> {required}"
    for before, after in zip(match.bindings, found.bindings, strict=True):
        if before.plan is not None:
            assert write_python(SIDE, SIDE, [after]) == write_python(SIDE, SIDE, [before])
    return True


@pytest.mark.parametrize("name", BY_NAME)
def test_plans_come_back_as_they_were(name):
    assert all(is_same(*pair, Policy(loss="irreversible")) for pair in pairs(name))


@pytest.mark.parametrize("given", NAN)
@pytest.mark.parametrize("wanted", NAN)
def test_plans_whose_rows_are_filled_with_what_json_has_no_number_for_do(given, wanted):
    fillings = [{"value": 0}, {"value": "nan"}, {"value": "nan", "side": "pre"}]
    for ours, theirs in ((ours, theirs) for ours in fillings for theirs in fillings):
        specs = [
            parse_spec(text).replace(facts=Facts.model_validate({"padding": padding}))
            for text, padding in ((given, ours), (wanted, theirs))
        ]
        assert is_same(*specs, Policy())
