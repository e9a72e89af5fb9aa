"""Laws 3 and 4: a step gives what it declares, and no pair that passes fails when it is run."""

from __future__ import annotations

from collections import Counter

import pytest

from sigcheck.planning.search import search
from sigcheck.schema.plan import Plan
from sigcheck.transforms import CATALOG
from tests.laws.law import IS_FULL, hold
from tests.laws.random_specs import draw_pair, draw_policy

# Proofs by execution take some ten times as long as traces.
EXECUTED = 5_000 if IS_FULL else 40
# Steps of each transform that are run on their own.
STEPS_OF_EACH = 100 if IS_FULL else 2


def is_empty(provided, plan):
    return any(0 in (spec.shape or ()) for spec in (provided, *(step.result for step in plan.steps)))


@pytest.mark.tensorflow
def test_what_passes_runs():
    from tests.laws.tensorflow_judge import adapter_source, execute, is_subtype, trace, type_spec

    seen: Counter[str] = Counter()
    traced: set[str] = set()

    def law(random):
        provided, required = draw_pair(random)
        outcome = search(provided, required, draw_policy(random))
        seen[outcome.verdict] += 1
        if outcome.verdict == "fits":
            assert is_subtype(provided, required), f"{provided} -> {required}"
        for plan in filter(None, (outcome.plan, *outcome.candidates)):
            told = f"{provided} {provided.facts} -> {required} {required.facts}: {plan}"
            source = adapter_source(provided, required, plan)
            if not plan.steps or source in traced:
                continue
            traced.add(source)
            given = trace(provided, source)
            assert given.is_subtype_of(type_spec(required)), f"{told} gives {given}"
            # What is known to be empty TensorFlow folds to a constant, and leaves its guards out.
            if seen["executed"] < EXECUTED and not is_empty(provided, plan):
                seen["executed"] += 1
                failures = execute(provided, required, plan).failures
                assert failures == (), f"{told}: {failures[:1]}"

    hold(law, usual=200, full=100_000)
    assert all(seen[verdict] for verdict in ("fits", "adapts", "guarded", "blocked"))


@pytest.mark.tensorflow
def test_a_step_gives_what_it_declares():
    from tests.laws.tensorflow_judge import execute

    run: Counter[str] = Counter()

    def law(random):
        provided, required = draw_pair(random)
        for step in (step for transform in CATALOG for step in transform.propose(provided, required)):
            if run[step.transform] < STEPS_OF_EACH:
                run[step.transform] += 1
                proof = execute(provided, step.result, Plan(steps=(step,)))
                assert proof.failures == (), f"{provided} {provided.facts}: {step}: {proof.failures[:1]}"

    hold(law, usual=800, full=100_000)
    assert len(run) > len(CATALOG) // 2
