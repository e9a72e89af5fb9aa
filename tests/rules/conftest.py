"""Matches built by hand, so that a rule is tested without a planner."""

from __future__ import annotations

import pytest

from sigcheck.rules import RULES, find_all, find_changes
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.facts import Facts
from sigcheck.schema.finding import Finding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.project import LintedLink, LintedModel, Location
from sigcheck.schema.report import Binding, CheckResult, Side
from sigcheck.schema.signature import Endpoint, Signature

PRODUCER = Side(source="encoder", reader="saved_model", key="serving_default")
CONSUMER = Side(source="classifier.keras", reader="keras", key="default")


def compares(rule):
    """Whether a rule, by its name, finds nothing where all fits: not one that speaks of every match, as of names."""
    return not getattr(RULES[rule], "OF_EVERY_MATCH", False)


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


def signature_of(sides):
    """A signature: {"inputs": {"x": "float32[?, 3]", "y": ("int32[]", {"optional": True, "range": [0, 9]})}}."""

    def endpoint(name, written):
        text, more = written if isinstance(written, tuple) else (written, {})
        facts = {key: value for key, value in more.items() if key != "optional"}
        return Endpoint(name=name, spec=spec_of(text, facts), optional=more.get("optional", False))

    return Signature(**{side: tuple(endpoint(*one) for one in named.items()) for side, named in sides.items()})


@pytest.fixture
def changes():
    """All changes from one signature to another, as "level rule place"; None is a signature that is gone."""

    def run(old, new):
        view = UpgradeView(signature_of(old), None if new is None else signature_of(new))
        return [f"{one.level} {one.rule} {one.place}" for one in find_changes(view)]

    return run


@pytest.fixture
def model():
    """A model of a project: model("encoder", outputs={"y": "float32[?, 10]"}); without sides it has no signature."""

    def build(
        name, source=None, problem=None, lock="unlocked", origin="source", contradictions=(), unread=None, **sides
    ):
        return LintedModel(
            name=name,
            source=source or f"models/{name}",
            location=Location(path="sigcheck.toml", line=2),
            signature=signature_of(sides) if sides else None,
            origin=origin,
            lock=lock,
            problem=problem,
            contradictions=contradictions,
            unread=unread,
        )

    return build


@pytest.fixture
def link():
    """A link of a project with the check of one binding `out` to `x`: link("a", "b", state="stale")."""

    def build(producer, consumer, state="not_needed", check=None, **options):
        return LintedLink(
            name=f"{producer} -> {consumer}",
            producer=producer,
            consumer=consumer,
            location=Location(path="sigcheck.toml", line=5),
            check=None if check is None else CheckResult(producer=PRODUCER, consumer=CONSUMER, **check),
            adapter="adapters/a.py",
            adapter_state=state,
            **options,
        )

    return build


@pytest.fixture
def told():
    """What one rule finds in a project, as "subject: level message"."""

    def run(rule, project):
        return [f"{one.subject}: {one.finding.level} {one.finding.message}" for one in rule.find(project)]

    return run


@pytest.fixture
def signature():
    """Builds a signature from its sides."""
    return signature_of


@pytest.fixture
def finding():
    """A finding of a level."""
    return lambda level: Finding(rule="dtype_changed", level=level, place="y", message="is int64", help="cast it")


@pytest.fixture
def seen():
    """A match of `out` and `x` that fits, with what the graphs show: lists of claims, as in JSON."""

    def build(output, taken, *, provided="float32[?, 24]", required="float32[?, 24]", **options):
        origin = options.pop("origin", "declared")
        specs = [spec_of(provided, options.pop("gives", None)), spec_of(required, options.pop("wants", None))]
        given, wanted = (spec.replace(facts=spec.facts.with_origin(origin)) for spec in specs)
        binding = Binding(
            provided="out", required="x", verdict="fits", provided_spec=given, required_spec=wanted, plan=Plan()
        )
        return MatchView(
            PRODUCER,
            CONSUMER,
            outputs=(Endpoint(name="out", spec=given, inferred=output),),
            inputs=(Endpoint(name="x", spec=wanted, inferred=taken),),
            bindings=(binding,),
        )

    return build
