"""What only data showed is asserted before a plan that rests on it, wherever plans come from."""

from __future__ import annotations

import pytest

from sigcheck.planning.matching import feed
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.signature import Endpoint

TRUSTING = Policy(trust=("observed",))


def spec(text, origin=None, **facts):
    origins = {"range": origin} if origin else {}
    return parse_spec(text).replace(facts=Facts(**facts, origins=origins))


def shown(text, low, high, **facts):
    return spec(text, "observed", range=(low, high), **facts)


def steps(provided, required, policy=DEFAULT_POLICY):
    outcome = search(provided, required, policy)
    return outcome.verdict, "" if outcome.plan is None else str(outcome.plan)


UNIT = spec("float32[?, 3]", range=(0, 1))


def test_a_scaling_by_observed_ends_asserts_them():
    guarded = "guard_range(range=[3, 251], observed=True), scale(from=[3, 251], to=[0, 1])"
    assert steps(shown("float32[?, 3]", 3, 251), UNIT) == ("guarded", guarded)
    assert steps(spec("float32[?, 3]", "declared", range=(3, 251)), UNIT)[0] == "adapts"


def test_a_pair_that_fits_only_by_what_was_observed_is_guarded():
    assert steps(shown("float32[?, 3]", 0, 1), UNIT) == ("guarded", "guard_range(range=[0, 1], observed=True)")
    assert steps(shown("float32[?, 3]", 0, 1), UNIT, TRUSTING) == ("fits", "nothing to do")


def test_what_rests_on_nothing_observed_is_as_it_was():
    assert steps(shown("float32[?, 3]", 0, 1), spec("float32[?, 3]")) == ("fits", "nothing to do")
    # The guard of the cast refuses less than one of what happened to be seen.
    assert steps(shown("int64[?, 3]", 0, 99), spec("int32[?, 3]")) == ("guarded", "cast(dtype=int32, check=True)")


def test_a_cast_that_observed_ends_make_exact_is_never_bare():
    for low, high in ((0, 99), (-1e9, 1e9)):
        verdict, plan = steps(shown("int64[?, 3]", low, high), spec("int32[?, 3]", range=(low, high)))
        assert verdict == "guarded", plan
        assert "guard_range" in plan or "check=True" in plan


def test_ids_that_are_in_the_vocabulary_only_as_far_as_data_showed():
    required = spec("int32[?, 8]", meaning="token_ids", id_count=100)
    verdict, plan = steps(shown("int32[?, 8]", 0, 99, meaning="token_ids"), required)
    assert (verdict, plan) == ("guarded", "guard_range(range=[0, 99], observed=True)")
    counted = shown("int32[?, 8]", 0, 99, meaning="token_ids", id_count=100)
    assert steps(counted, required) == ("fits", "nothing to do")


@pytest.mark.parametrize("policy", [Policy(guard=False), Policy(deny=("guard_range",))])
def test_without_guards_nothing_rests_on_what_was_observed(policy):
    assert steps(shown("float32[?, 3]", 3, 251), UNIT, policy)[0] == "blocked"


def test_what_no_kernel_compares_is_not_relied_on():
    provided, required = shown("float8_e5m2[?]", 0, 1), spec("float8_e5m2[?]")
    assert steps(provided, required)[1] == "nothing to do"


def test_an_output_of_the_same_spec_that_is_declared_does_not_answer_for_one_that_was_observed():
    outputs = [
        Endpoint(name="a", spec=spec("float32[?, 3]", "declared", range=(0, 1))),
        Endpoint(name="b", spec=shown("float32[?, 3]", 0, 1)),
    ]
    for first in (outputs, outputs[::-1]):
        match = feed(first, [Endpoint(name=one.name, spec=UNIT) for one in first], {"a": "a", "b": "b"})
        assert {one.provided: one.verdict for one in match.bindings} == {"a": "fits", "b": "guarded"}


@pytest.mark.parametrize(
    ("bind", "required"),
    [
        ({"stack(a, b, axis=1)": "x"}, {"x": "float32[?, 2, 3]"}),
        ({"concat(a, b, axis=1)": "x"}, {"x": "float32[?, 6]"}),
        ({"a": ["x", "y"]}, {"x": "float32[?, 1]", "y": "float32[?, 2]"}),
    ],
)
def test_what_is_joined_or_parted_of_what_was_observed_is_no_better_known(bind, required):
    outputs = [Endpoint(name=name, spec=shown("float32[?, 3]", 0, 1)) for name in ("a", "b")]
    inputs = [Endpoint(name=name, spec=spec(text, range=(0, 1))) for name, text in required.items()]
    match = feed(outputs, inputs, bind)
    assert [one.verdict for one in match.bindings] == ["guarded"] * len(inputs)


def test_advice_for_what_is_declared_is_not_remembered_for_what_was_observed():
    from sigcheck.planning.advice import planned

    declared, observed = spec("float32[?, 3]", "declared", range=(0, 1)), shown("float32[?, 3]", 0, 1)
    assert declared == observed
    assert [planned(one, UNIT, Policy()).verdict for one in (declared, observed)] == ["fits", "guarded"]
