from __future__ import annotations

from dataclasses import replace

from sigcheck.rules.match import observed_bound
from sigcheck.schema.evidence import Evidence
from sigcheck.schema.policy import Policy

SEEN = {"range": (3, 251), "origins": {"range": "observed"}}
DECLARED = {"range": (3, 251), "origins": {"range": "declared"}}
UNIT = {"range": (0, 1)}


def scaled(match, step, gives, wants, **options):
    guard = step("guard_range", "float32[?, 3]", facts={"range": (3, 251)}, guard="every value is from 3 to 251")
    scale = step("scale", "float32[?, 3]", facts=UNIT)
    steps = [scale] if options else [guard, scale]
    return match("float32[?, 3]", "float32[?, 3]", *steps, gives=gives, wants=wants, **options)


def renamed(view, **changes):
    (binding,) = view.bindings
    return replace(view, bindings=(binding.model_copy(update=changes),))


def test_a_scaling_by_what_was_observed_is_told(match, step):
    (finding,) = observed_bound.find(scaled(match, step, SEEN, UNIT))
    assert finding.level == "warning"
    assert finding.message.endswith("rests on [3, 251], which was observed")
    assert finding.help == "declare the ends of the encoding: --fact producer.out.range=0,255"


def test_an_encoding_that_the_data_fits_is_suggested(match, step):
    shown = {"producer": {"out": Evidence(facts=("range",), values=(3, 251), whole=True)}}
    (finding,) = observed_bound.find(replace(scaled(match, step, SEEN, UNIT), evidence=shown))
    assert finding.help == "declare the ends of the encoding: --fact producer.out.range=0,255"


def test_a_plan_that_only_asserts_what_was_observed_rests_on_it(match, step):
    guard = step("guard_range", "float32[?, 3]", facts={"range": (3, 251)}, guard="every value is from 3 to 251")
    (finding,) = observed_bound.find(match("float32[?, 3]", "float32[?, 3]", guard, gives=SEEN, wants=DECLARED))
    assert finding.message == "the plan rests on values in [3, 251], which was observed"


def test_what_is_trusted_is_told_all_the_same(match, step):
    view = scaled(match, step, SEEN, UNIT, policy=Policy(trust=("observed",)))
    assert [one.rule for one in observed_bound.find(view)] == ["observed_bound"]


def test_a_plan_that_would_be_the_same_without_rests_on_nothing(match, step):
    cast = step("cast", "int32[?, 3]", guard="every value fits in int32")
    assert not list(observed_bound.find(match("int64[?, 3]", "int32[?, 3]", cast, gives=SEEN)))


def test_a_name_is_quoted_and_what_is_joined_is_said_of_its_outputs(match, step):
    view = scaled(match, step, SEEN, UNIT)
    (named,) = observed_bound.find(renamed(view, provided="my pixels"))
    assert named.help == "declare the ends of the encoding: --fact 'producer.my pixels.range=0,255'"
    parts = tuple(view.bindings[0].model_copy(update={"provided": name}) for name in ("a", "b"))
    joined = renamed(view, provided="stack(a, b, axis=1)", parts=parts, junction=view.bindings[0].steps[0])
    helps = {one.help for one in observed_bound.find(joined)}
    assert "declare the ends of the encoding: the range of a and b" in helps


def test_what_is_declared_is_not(match, step):
    assert not list(observed_bound.find(scaled(match, step, DECLARED, UNIT)))


def test_a_step_that_keeps_the_range_rests_on_nothing(match, step):
    kept = step("reshape", "float32[?, 3, 1]", facts={"range": (3, 251)})
    assert not list(observed_bound.find(match("float32[?, 3]", "float32[?, 3, 1]", kept, gives=SEEN)))
