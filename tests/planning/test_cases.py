from __future__ import annotations

import time

import pytest

from sigcheck.planning.search import search
from tests.planning.cases import CASES

# Seconds of this process. The figure is 0.2; a loaded machine takes longer, a search without bounds far longer.
MOST_SECONDS = 2.0


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_plan_of_a_case(case):
    outcome = search(*case.specs())
    plans = outcome.candidates[:2] if outcome.plan is None else (outcome.plan,)
    steps = " | ".join(" ".join(step.transform for step in plan.steps) for plan in plans)
    assert (outcome.verdict, steps) == (case.verdict, case.steps)


def test_the_suite_is_large_enough_and_each_case_another():
    assert len({str(case) for case in CASES}) == len(CASES) >= 120


def test_no_case_is_planned_without_bounds():
    for case in CASES:
        start = time.process_time()
        search(*case.specs())
        assert time.process_time() - start < MOST_SECONDS, str(case)
