from __future__ import annotations

import pytest

from sigcheck.schema.policy import Policy
from tests.planning.sized_files import check_sizes, tensor

PICTURE = tensor("x", "float32", "batch", "height", "width", 3)
NAMED = ("batch", "height", "width", "channel")
EVEN = ("height % 4 == 0", "width % 4 == 0")
P, Q = tensor("p", "float32", "batch", "t", 3), tensor("q", "float32", "batch", "t", 2)


def found(report):
    """The verdict, and the plans of each input: the one, or those that it is between."""
    return report.verdict, {
        one.required: [str(plan) for plan in ((one.plan,) if one.plan is not None else one.candidates)]
        for one in report.bindings
    }


def test_between_filling_and_resizing_a_picture_a_fact_decides(tmp_path):
    given = tensor("x", "float32", None, 30, 61, 3)
    pad, resize = "pad(sizes=[?, 32, 64, ?], value=0, side=post)", "resize(size=[32, 64], method=bilinear)"
    assert found(check_sizes(tmp_path, [given], [PICTURE], EVEN)) == ("undecided", {"x": [resize, pad]})
    named = tensor("x", "float32", None, 30, 61, 3, axes=NAMED)
    assert found(check_sizes(tmp_path, [named], [PICTURE], EVEN)) == ("adapts", {"x": [resize]})
    filled = {"consumer": {"x": {"padding": {"value": 0}}}}
    assert found(check_sizes(tmp_path, [given], [PICTURE], EVEN, facts=filled)) == ("adapts", {"x": [pad]})


def test_what_is_too_long_is_cut_where_the_policy_lets_it_be(tmp_path):
    given, taker = [tensor("x", "int32", None, 80)], [tensor("x", "int32", "batch", "t")]
    blocked = check_sizes(tmp_path, given, taker, ["t <= 64"])
    assert blocked.verdict == "blocked"
    assert str(blocked.bindings[0].nearest) == "truncate(sizes=[?, 64], side=post)"
    assert "--loss truncating" in str(blocked)
    opened = check_sizes(tmp_path, given, taker, ["t <= 64"], policy=Policy(loss="truncating"))
    assert found(opened) == ("adapts", {"x": ["truncate(sizes=[?, 64], side=post)"]})


def test_of_two_ways_the_one_that_loses_less_is_taken_and_the_other_shown(tmp_path):
    given, taker = [tensor("x", "int32", None, 30)], [tensor("x", "int32", "batch", "t")]
    policy = Policy(loss="truncating", pad_value=0)
    report = check_sizes(tmp_path, given, taker, ["t % 4 == 0"], policy=policy)
    assert found(report) == ("adapts", {"x": ["pad(sizes=[?, 32], value=0, side=post)"]})
    assert "truncate(sizes=[?, 28], side=post)" in [str(one) for one in report.bindings[0].alternatives]


def test_unequal_lengths_are_filled_up_to_the_longest(tmp_path):
    given = [tensor("p", "float32", None, 5, 3), tensor("q", "float32", None, 6, 2)]
    pad = ["pad(sizes=[?, 6, ?], value=0, side=post)"]
    assert found(check_sizes(tmp_path, given, [P, Q])) == ("undecided", {"p": pad, "q": ["nothing to do"]})
    accepted = check_sizes(tmp_path, given, [P, Q], policy=Policy(pad_value=0))
    assert found(accepted) == ("adapts", {"p": pad, "q": ["nothing to do"]})
    even = check_sizes(tmp_path, given, [P, Q], ["t % 4 == 0"], policy=Policy(pad_value=0))
    eight = ["pad(sizes=[?, 8, ?], value=0, side=post)"]
    assert found(even) == ("adapts", {"p": eight, "q": eight})


def test_sizes_that_must_be_one_are_led_to_the_larger(tmp_path):
    given = tensor("x", "float32", None, 30, 40, 3)
    report = check_sizes(
        tmp_path, [given], [PICTURE], ["height == width"], policy=Policy(pad_value=0, deny=("resize",))
    )
    assert report.bindings[0].required_spec.shape == (None, 40, 40, 3)


@pytest.mark.parametrize("holds", ["height % 2 == 0 and height % 2 == 1", "height * width == 7919"])
def test_where_no_size_near_by_does_nothing_is_proposed(tmp_path, holds):
    report = check_sizes(tmp_path, [tensor("x", "float32", None, 30, 40, 3)], [PICTURE], [holds])
    assert (report.verdict, report.exit_code) == ("blocked", 1)
    assert [one.level for one in report.findings if one.rule == "size_constraint"] == ["error"]


def test_examples_are_never_dropped_or_made_up_for_a_batch_of_one(tmp_path):
    report = check_sizes(tmp_path, [tensor("x", "float32", 8, 3)], [tensor("x", "float32", "batch", 3)], ["batch == 1"])
    assert report.verdict == "blocked"


def test_a_stricter_policy_passes_no_more(tmp_path):
    given = tensor("x", "float32", None, 30, 30, 3, axes=NAMED)
    for policy in (Policy(loss="exact"), Policy(deny=("resize",)), Policy(assume="error")):
        report = check_sizes(tmp_path, [given], [PICTURE], EVEN, policy=policy)
        assert report.verdict in ({"adapts"} if policy.assume == "error" else {"blocked", "undecided"})


def test_between_filling_up_and_cutting_off_nobody_chooses(tmp_path):
    given, taker = [tensor("x", "int32", None, 30)], [tensor("x", "int32", "batch", "t")]
    report = check_sizes(tmp_path, given, taker, ["t % 4 == 0"], policy=Policy(loss="truncating"))
    both = ["truncate(sizes=[?, 28], side=post)", "pad(sizes=[?, 32], value=0, side=post)"]
    assert found(report) == ("undecided", {"x": both})


def test_what_would_meet_one_constraint_and_leave_another_unmet_is_not_done(tmp_path):
    given = {**tensor("x", "float32", None, 30, None, 3), "sizes": ["batch", 30, "2*n + 1", 3]}
    policy = Policy(pad_value=0, loss="truncating")
    report = check_sizes(tmp_path, [given], [PICTURE], ["height % 4 == 0", "height == width"], policy=policy)
    assert found(report) == ("blocked", {"x": ["nothing to do"]})
