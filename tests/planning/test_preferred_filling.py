"""What fills short rows: the consumer's word, then the policy's, then zeros behind."""

from __future__ import annotations

import pytest

from sigcheck.planning.explained import search
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from tests.planning.cases import CASES

POLICY = Policy(pad_value=1, pad_side="pre")


@pytest.mark.parametrize(
    ("provided", "required", "step"),
    [
        ("int32[?, 5]", "int32[?, 8]", "pad(sizes=[?, 8], value=1, side=pre)"),
        ("bool[?, 5]", "bool[?, 8]", "pad(sizes=[?, 8], value=True, side=pre)"),
        ("ragged int32[?, None]", "int32[?, ?]", "ragged_to_dense(sizes=[?, ?], value=1, side=pre)"),
    ],
)
def test_the_policy_says_what_fills_and_where(provided, required, step):
    plan = search(parse_spec(provided), parse_spec(required), POLICY).plan
    assert ([str(one) for one in plan.steps], plan.cost.assumptions) == ([step], 1)
    assert "pre" not in str(search(parse_spec(provided), parse_spec(required)).plan)


def test_the_assumption_says_where_the_filling_stands():
    plan = search(parse_spec("ragged int32[?, None]"), parse_spec("int32[?, ?]"), POLICY).plan
    assert plan.steps[0].assumption == "1 in front of a row means no value"


def test_what_the_consumer_declares_goes_first():
    required = parse_spec("int32[?, 8]").replace(facts=Facts(padding=Padding(value=7, side="post")))
    plan = search(parse_spec("int32[?, 5]"), required, POLICY).plan
    assert (str(plan), plan.cost.assumptions) == ("pad(sizes=[?, 8], value=7, side=post)", 0)


def test_each_half_of_the_preference_stands_alone():
    pair = parse_spec("string[?, 5]"), parse_spec("string[?, 8]")
    (candidate,) = search(*pair, Policy(pad_side="pre")).candidates
    assert str(candidate) == "pad(sizes=[?, 8], value=, side=pre)"
    assert str(search(*pair, Policy(pad_value="[PAD]")).plan) == "pad(sizes=[?, 8], value=[PAD], side=post)"


@pytest.mark.parametrize(
    ("provided", "required", "policy"),
    [
        ("uint8[?, 5]", "uint8[?, 8]", Policy(pad_value=-1)),
        ("int32[?, 5]", "int32[?, 8]", Policy(pad_value="[PAD]")),
        ("ragged int32[?, None, None]", "int32[?, ?, ?]", Policy(pad_side="pre")),
    ],
)
def test_a_filling_that_cannot_be_used_is_not_replaced_in_silence(provided, required, policy):
    outcome = search(parse_spec(provided), parse_spec(required), policy)
    assert outcome.verdict == "blocked"
    assert outcome.nearest.steps[0].arguments["side"] == "post"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_preference_accepts_what_is_filled_and_changes_nothing_else(case):
    provided, required = case.specs()
    if "string" in {provided.dtype, required.dtype}:
        policy = Policy(pad_value="[PAD]")
    else:
        policy = Policy(pad_value=1) if (provided.ragged_rank or 0) > 1 else POLICY
    ours, theirs = search(provided, required), search(provided, required, policy)
    plan = ours.plan
    if len(ours.candidates) == 1 and all(
        "value" in one.arguments for one in ours.candidates[0].steps if one.is_inventing
    ):
        plan = ours.candidates[0]
    assert (plan.verdict if plan else ours.verdict, plan and plan.cost) == (
        theirs.verdict,
        theirs.plan and theirs.plan.cost,
    )


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        ("int32[?, 5]", "int32[?, 8]"),
        ("ragged int32[?, None]", "int32[?, 8]"),
        ("ragged int32[?, None]", "int32[?, ?]"),
        ("sparse int32[?, 8]", "int32[?, 8]"),
    ],
)
def test_nothing_is_filled_that_nobody_declared_or_allowed(provided, required):
    pair = parse_spec(provided), parse_spec(required)
    for policy in (Policy(), Policy(pad_side="post"), Policy(assume="error")):
        outcome = search(*pair, policy)
        assert (outcome.verdict, outcome.plan, len(outcome.candidates)) == ("undecided", None, 1)
    declared = pair[1].replace(facts=Facts(padding=Padding(value=1)))
    for plan in (
        search(*pair, Policy(assume="warn")).plan,
        search(*pair, Policy(pad_value=1)).plan,
        search(*pair, Policy(pad_value=1, assume="error")).plan,
        search(pair[0], declared).plan,
    ):
        assert plan.verdict in {"adapts", "guarded"}


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        ("float32[?, 1]", "float32[?, 3]"),
        ("string[?]", "string[?, 5]"),
        ("float32[?, 32]", "float32[?, 40, 32]"),
        ("float32[?, 1000]", "float32[?]"),
        ("float32[?, 4, 2]", "float32[?, ?]"),
    ],
)
def test_a_filling_accepts_no_copies_and_nothing_that_is_joined(provided, required):
    outcome = search(parse_spec(provided), parse_spec(required), Policy(pad_value="[PAD]", pad_side="post"))
    assert (outcome.verdict, outcome.plan, len(outcome.candidates)) == ("undecided", None, 1)
    assert search(parse_spec(provided), parse_spec(required), Policy(assume="warn")).verdict == "adapts"


def test_a_cast_that_rounds_is_better_than_what_is_made_up():
    pad, cast = (
        search(parse_spec(provided), parse_spec("float32[?, 4]")).growth.costs.values()
        for provided in ("float32[?, 3]", "float64[?, 4]")
    )
    assert max(cast) < max(pad)
