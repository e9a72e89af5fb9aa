from __future__ import annotations

import pytest

from sigcheck.planning.obstacle import differences
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy


def test_a_plan_beyond_the_policy_leaves_no_difference():
    obstacle = search(parse_spec("int32[?, 128]"), parse_spec("int32[?, 100]")).obstacle
    assert (str(obstacle.nearest), obstacle.differs) == ("truncate(sizes=[?, 100], side=post)", ())


def test_a_transform_by_permission_is_named():
    ids = [parse_spec("int32[?]").replace(facts=Facts(meaning="token_ids", id_count=count)) for count in (9, 5)]
    assert [step.transform for step in search(*ids).obstacle.nearest.steps] == ["guard_ids"]


def test_a_denied_transform_is_named():
    outcome = search(parse_spec("float64[?]"), parse_spec("float32[?]"), Policy(deny=("cast",)))
    assert str(outcome.obstacle.nearest) == "cast(dtype=float32)"


def test_what_still_differs_is_told_at_the_nearest_spec():
    obstacle = search(parse_spec("string[?]"), parse_spec("float32[?, 4]")).obstacle
    assert obstacle.differs == ("dtype string, required float32", "the rank is 1, required 2")


def test_axes_that_are_only_in_another_order_are_to_be_declared():
    obstacle = search(
        parse_spec("float32[?, 2, 3, 4, 5, 6, 7, 8]"), parse_spec("float32[?, 8, 7, 6, 5, 4, 3, 2]")
    ).obstacle
    assert obstacle.declare == ("axes",)


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
