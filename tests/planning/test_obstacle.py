from __future__ import annotations

import pytest

from sigcheck.planning.explained import search
from sigcheck.planning.obstacle import differences
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy

SCORED = ["consumer.meaning=probabilities", "consumer.meaning=class_ids"]


def said(ways):
    return [" ".join(f"{one.side}.{one.fact}={one.value}" for one in way) for way in ways]


def test_a_plan_beyond_the_policy_leaves_no_difference():
    outcome = search(parse_spec("int32[?, 128]"), parse_spec("int32[?, 100]"))
    assert (str(outcome.nearest), outcome.obstacle.differs) == ("truncate(sizes=[?, 100], side=post)", ())
    assert outcome.obstacle.allow == "--loss truncating"


def test_a_transform_by_permission_is_named():
    ids = [parse_spec("int32[?]").replace(facts=Facts(meaning="token_ids", id_count=count)) for count in (9, 5)]
    assert [step.transform for step in search(*ids).nearest.steps] == ["guard_ids"]


def test_a_denied_transform_is_named():
    outcome = search(parse_spec("float64[?]"), parse_spec("float32[?]"), Policy(deny=("cast",)))
    assert str(outcome.nearest) == "cast(dtype=float32)"


def test_what_still_differs_is_told_at_the_nearest_spec():
    obstacle = search(parse_spec("string[?]"), parse_spec("float32[?, 4]")).obstacle
    assert obstacle.differs == ("dtype string, required float32", "the rank is 1, required 2")


@pytest.mark.parametrize(
    ("provided", "required", "facts", "ways"),
    [
        ("string[?]", "int64[?]", ({}, {}), ["producer.meaning=class_ids consumer.meaning=class_ids"]),
        ("string[?]", "int64[?]", ({"meaning": "pixels"}, {}), []),
        # All that each type holds: one encoding shifted into another, and not a bound.
        (
            "uint8[?, 8, 8, 3]",
            "int8[?, 8, 8, 3]",
            ({"range": (0, 255)}, {"range": (-128, 127)}),
            ["producer.meaning=pixels consumer.meaning=pixels"],
        ),
        ("uint8[?, 4]", "int8[?, 4]", ({"range": (0, 255)}, {"range": (0, 100)}), []),
    ],
)
def test_meanings_that_would_open_a_path_are_named(provided, required, facts, ways):
    ours, theirs = (Facts(**one) for one in facts)
    outcome = search(parse_spec(provided).replace(facts=ours), parse_spec(required).replace(facts=theirs))
    assert (outcome.verdict, said(outcome.obstacle.declare)) == ("blocked", ways)


def test_what_opens_a_path_together_with_the_policy_only_is_said_with_it():
    scores = parse_spec("float32[?, 2]").replace(facts=Facts(meaning="probabilities"))
    obstacle = search(scores, parse_spec("float32[?]")).obstacle
    assert (obstacle.allow, obstacle.declare) == ("", ())
    assert sorted(said(one.declare for one in obstacle.together)) == sorted(SCORED)
    assert {one.allow for one in obstacle.together} <= {"--loss irreversible", "--loss truncating"}


@pytest.mark.parametrize(
    ("provided", "required", "told"),
    [
        ("ragged int32[?, None]", "int32[?, ?]", ["it is ragged, required dense"]),
        ("int32[*]", "int32[?]", ["the rank is unknown, required 1"]),
        ("int32[?, 2]", "int32[3, ?]", ["axis 0 has an unknown size, required 3"]),
        (
            "ragged int32[?, None, 2]",
            "ragged int32[?, None, None]",
            ["ragged rank 1 with int64 row splits, required 2 with int64"],
        ),
    ],
)
def test_differences_in_words(provided, required, told):
    assert list(differences(parse_spec(provided), parse_spec(required))) == told


def test_what_stands_in_the_place_of_another_axis_is_the_nearest_as_it_is():
    """Nothing that is reached is nearer: every spec on the way has the time where examples are wanted."""
    provided, required = (
        parse_spec("float32[?, 5]").replace(facts=Facts(axes=axes))
        for axes in (("time", "feature"), ("batch", "feature"))
    )
    outcome = search(provided, required)
    assert (outcome.verdict, outcome.nearest) == ("blocked", Plan())


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        # A third of the numbers of an example, where all of them in another shape may be meant.
        ("float32[?, 12]", "float32[3, 4]"),
        # Features that are no colours, in a picture that is no larger than a thumb.
        ("float32[1, 224, 224, 3]", "float32[?, 7, 7, 512]"),
    ],
)
def test_no_loss_is_advised_that_nobody_means(provided, required):
    outcome = search(parse_spec(provided), parse_spec(required))
    assert (outcome.verdict, outcome.obstacle.allow) == ("blocked", "")
