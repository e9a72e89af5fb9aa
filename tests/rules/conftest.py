"""Matches built by hand, so that a rule is tested without a planner."""

from __future__ import annotations

import pytest

from sigcheck.rules import MatchView, find_all
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.report import Binding, Side

PRODUCER = Side(source="encoder", reader="saved_model", key="serving_default")
CONSUMER = Side(source="classifier.keras", reader="keras", key="default")


def spec_of(text, facts):
    spec = parse_spec(text)
    return spec.replace(facts=Facts(**facts)) if facts else spec


@pytest.fixture
def step():
    """A step: step("cast", "float16[?, 3]", loss="rounding", facts={...}, dtype="float16")."""

    def build(transform, result, **arguments):
        fields = {name: arguments.pop(name) for name in ("loss", "guard", "assumption") if name in arguments}
        return Step(
            transform=transform, result=spec_of(result, arguments.pop("facts", None)), arguments=arguments, **fields
        )

    return build


@pytest.fixture
def match():
    """A match of one output `out` and one input `x`; the steps are its plan.

    `gives` and `wants` are the facts of the two, `candidates` and `nearest` plans that are not taken.
    """

    def build(provided, required, *steps, **options):
        candidates, nearest = options.pop("candidates", ()), options.pop("nearest", None)
        plan = Plan(steps=steps) if steps or options.get("verdict") == "fits" else None
        verdict = options.pop("verdict", None)
        binding = Binding(
            provided="out",
            required="x",
            verdict=verdict or (plan.verdict if plan else "undecided" if candidates else "blocked"),
            provided_spec=spec_of(provided, options.pop("gives", None)),
            required_spec=spec_of(required, options.pop("wants", None)),
            plan=plan,
            candidates=tuple(Plan(steps=one) for one in candidates),
            nearest=None if nearest is None else Plan(steps=tuple(nearest)),
        )
        return MatchView(PRODUCER, CONSUMER, bindings=(binding,), **options)

    return build


@pytest.fixture
def found(match):
    """Everything that all rules find in such a match, as "level rule", so that each test sees the whole."""

    def run(*arguments, **keywords):
        return [f"{finding.level} {finding.rule}" for finding in find_all(match(*arguments, **keywords))]

    return run


@pytest.fixture
def only(match):
    """The one finding in such a match."""

    def run(*arguments, **keywords):
        (finding,) = find_all(match(*arguments, **keywords))
        return finding

    return run
