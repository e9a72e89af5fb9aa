"""Plans between specs written as text, and every step that the test files of the transforms have a case for."""

from __future__ import annotations

import runpy
from contextlib import suppress
from pathlib import Path

import pytest

from sigcheck import api
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.verification.reference import GuardError, UndefinedCaseError
from sigcheck.verification.value_cases import NoValuesError, value_cases
from tests.verification.plans import allowed_difference, run_plan

TRANSFORMS = Path(__file__).parents[1] / "transforms"
CASES_A_STEP = 6


@pytest.fixture
def report():
    """The report between endpoints given as `name=(spec[, facts])`: `report({"a": ...}, {"x": ...})`."""

    def report(provided, required, **options):
        giver = Signature(key="give", outputs=tuple(endpoint(*one) for one in provided.items()))
        taker = Signature(key="take", inputs=tuple(endpoint(*one) for one in required.items()))
        policy = Policy(**options.pop("policy", {}))
        return api.check(giver, taker, verify="typed", policy=policy, **options)

    return report


def endpoint(name, written):
    spec, facts = (written, {}) if isinstance(written, str) else written
    return Endpoint(name=name, spec=parse_spec(spec).replace(facts=Facts.model_validate(facts)))


@pytest.fixture
def steps_of():
    """The bindings of one step each that a transform proposes for its cases, as `steps_of(NAME)`."""
    proposals = runpy.run_path(str(TRANSFORMS / "conftest.py"))["proposals"]

    def steps_of(name):
        cases = runpy.run_path(str(TRANSFORMS / f"test_{name}.py"))["CASES"]
        return [binding_of(found.spec, found.step) for case in cases for found in proposals(name, case)]

    return steps_of


def binding_of(spec, step):
    return Binding(
        provided="a",
        required="x",
        verdict="adapts",
        provided_spec=spec,
        required_spec=step.result,
        plan=Plan(steps=(step,)),
    )


@pytest.fixture
def expectations():
    """Yields (value, expected, allowed difference) of a binding; the expected value is None where a guard refuses."""
    from sigcheck.transforms import BY_NAME

    def expectations(binding):
        spec, steps = binding.provided_spec, binding.plan.steps
        try:
            cases = list(value_cases(spec))
        except NoValuesError:
            return
        for case in cases[:CASES_A_STEP]:
            expected = None
            with suppress(GuardError):
                expected = run_plan(BY_NAME, spec, steps, case.value)
            allowed = allowed_difference(BY_NAME, spec, steps, case.value, expected) if expected is not None else None
            yield case.value, expected, allowed

    def defined(binding):
        # What the processor decides is expected of nobody.
        with suppress(UndefinedCaseError):
            yield from expectations(binding)

    return defined
