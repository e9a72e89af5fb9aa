from __future__ import annotations

from sigcheck.planning.goal import offered
from sigcheck.planning.grow import grow
from sigcheck.planning.proposals import Proposals
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.transforms import BY_NAME

SHORT, LONG = parse_spec("int32[?, 100]"), parse_spec("float32[?, 128]")


class Counted:
    NAME = "counted"
    SETTLES = BY_NAME["cast"].SETTLES

    def __init__(self):
        self.asked = 0

    def propose(self, spec, required):
        self.asked += 1
        return BY_NAME["cast"].propose(spec, required)


def test_a_transform_is_asked_once_about_a_spec():
    counted, proposals = Counted(), Proposals(LONG)
    first, again = (list(proposals.of(SHORT, (counted,), DEFAULT_POLICY)) for _ in range(2))
    assert first == again
    assert counted.asked == len(first) == 1


def test_what_one_policy_does_not_want_another_does():
    rows, dense = parse_spec("ragged int32[?, None]"), parse_spec("int32[?, 8]")
    proposals, fills = Proposals(dense), (BY_NAME["ragged_to_dense"],)
    steps = {
        loss: [str(step) for step in proposals.of(rows, fills, Policy(loss=loss))]
        for loss in ("rounding", "truncating")
    }
    assert steps["rounding"] != steps["truncating"]
    assert steps == {
        loss: [str(step) for step in Proposals(dense).of(rows, fills, Policy(loss=loss))]
        for loss in ("truncating", "rounding")
    }


def test_a_preferred_filling_is_another_proposal():
    proposals = Proposals(LONG)
    policies = (DEFAULT_POLICY, Policy(pad_value=7), Policy(pad_side="pre"), Policy(pad_value=7, deny=("cast",)))
    alone = [list(map(str, Proposals(LONG).of(SHORT, offered(policy), policy))) for policy in policies]
    shared = [list(map(str, proposals.of(SHORT, offered(policy), policy))) for policy in policies]
    assert shared == alone
    assert len({tuple(steps) for steps in alone}) == len(policies)


def test_growths_that_share_proposals_are_those_that_do_not():
    proposals = Proposals(LONG)
    for policy in (Policy(loss="exact", guard=False), DEFAULT_POLICY, Policy(pad_value=1)):
        shared, alone = (grow(SHORT, LONG, policy, proposals=given) for given in (proposals, None))
        assert list(map(str, map(shared.plan_to, shared.goals))) == list(map(str, map(alone.plan_to, alone.goals)))
        assert len(shared.costs) == len(alone.costs)
