from __future__ import annotations

import pytest

from sigcheck.planning.goal import exceeds, is_beaten, is_goal, is_made_to_fit, offered, widened
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_PERMISSION


@pytest.mark.parametrize(
    ("cost", "by", "beaten"),
    [
        (Cost(truncating=1), Cost(rounding=3, assumptions=3), True),
        (Cost(assumptions=2), Cost(assumptions=1), True),
        (Cost(assumptions=1), Cost(guards=1), False),
        (Cost(guards=1), Cost(assumptions=1), False),
        (Cost(rounding=1), Cost(assumptions=1), False),
        (Cost(bytes_moved=9), Cost(bytes_moved=1), False),
    ],
)
def test_what_is_no_rival(cost, by, beaten):
    assert is_beaten(cost, by) is beaten


@pytest.mark.parametrize(
    ("cost", "best", "made"),
    [
        (Cost(inventions=1, assumptions=1, guards=1), Cost(assumptions=3), True),
        (Cost(inventions=1, assumptions=1, guards=1), Cost(assumptions=3, guards=1), False),
        (Cost(inventions=1, assumptions=1, guards=1), Cost(rounding=1, assumptions=3), False),
        (Cost(inventions=2, assumptions=1, guards=1), Cost(inventions=1, assumptions=3), False),
        (Cost(inventions=1, assumptions=1), Cost(assumptions=3), False),
        (Cost(guards=1), Cost(assumptions=1), False),
    ],
)
def test_what_is_made_up_where_all_is_explained(cost, best, made):
    assert is_made_to_fit(cost, best) is made


@pytest.mark.parametrize(
    ("cost", "policy", "beyond"),
    [
        (Cost(rounding=1), Policy(), False),
        (Cost(rounding=1), Policy(loss="exact"), True),
        (Cost(truncating=1), Policy(), True),
        (Cost(truncating=1), Policy(loss="truncating"), False),
        (Cost(irreversible=1), Policy(loss="truncating"), True),
        (Cost(guards=1), Policy(guard=False), True),
        (Cost(assumptions=5), Policy(loss="exact", guard=False), False),
    ],
)
def test_what_a_policy_lets_a_plan_pay(cost, policy, beyond):
    assert exceeds(cost, policy) is beyond


def test_transforms_are_offered_unless_denied_and_some_by_permission_only():
    assert BY_PERMISSION
    names = {transform.NAME for transform in offered(Policy(deny=("cast",)))}
    assert not names & {"cast", *BY_PERMISSION}
    for name in BY_PERMISSION:
        assert {name} == {one.NAME for one in offered(Policy(allow=(name,)))}.intersection(BY_PERMISSION)


def test_statistics_that_are_allowed_are_wanted_where_they_can_be_used():
    spec, goal = parse_spec("float32[?]"), parse_spec("float32[?]").replace(facts=Facts(range=(0, 1)))
    assert is_goal(spec, goal, DEFAULT_POLICY)
    assert not is_goal(spec, goal, Policy(allow=("batch_min_max",)))
    assert is_goal(spec, goal, Policy(allow=("batch_min_max",), loss="exact"))
    assert is_goal(spec, goal, Policy(allow=("batch_min_max",), deny=("batch_min_max",)))


def test_a_policy_is_widened_without_and_with_what_it_denies():
    assert widened(DEFAULT_POLICY) == ()
    assert widened(Policy(loss="truncating")) == ()
    assert widened(Policy(deny=("cast",))) == (DEFAULT_POLICY,)
    assert widened(Policy(loss="exact", guard=False)) == (DEFAULT_POLICY,)
    each = widened(Policy(deny=("cast", "pad")))
    assert [one.deny for one in each] == [("cast",), ("pad",), ()]
    many = widened(Policy(deny=tuple(f"t{at}" for at in range(9))))
    assert [len(one.deny) for one in many] == [8] * 9 + [0]
    strict = Policy(loss="truncating", guard=False, deny=("cast",))
    assert widened(strict) == (Policy(loss="truncating", deny=("cast",)), Policy(loss="truncating"))


def test_statistics_that_could_not_be_brought_back_are_not_wanted():
    """Narrow floats are scaled in wider ones: without a cast back what fits must stay a fit."""
    provided = TensorSpec(dtype="float16", shape=())
    required = provided.replace(facts=Facts(range=(0, 1)))
    assert not is_goal(provided, required, Policy(allow=("batch_min_max",)))
    assert is_goal(provided, required, Policy(allow=("batch_min_max",), deny=("cast",)))
