from __future__ import annotations

import pytest

from sigcheck.planning.goal import offered
from sigcheck.planning.grow import grow
from sigcheck.planning.postponed import Postponed, in_required_layout, is_separable, least_loss
from sigcheck.planning.proposals import Proposals
from sigcheck.planning.search import search
from sigcheck.schema.cost import FREE, Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import DEFAULT_POLICY, Policy

BYTES = {"range": (0, 255), "axes": ("height", "width", "channel")}
SHARES = {"range": (0, 1), "axes": ("batch", "channel", "height", "width")}


def spec(text, facts=None):
    return parse_spec(text).replace(facts=Facts.model_validate(facts or {}))


def asked(provided, required):
    transforms = offered(DEFAULT_POLICY)
    found = Postponed(Proposals(required), transforms, DEFAULT_POLICY).transforms_for(provided)
    return None if found is None else {one.NAME for one in found}


def test_where_axes_have_to_move_the_values_wait():
    found = asked(spec("uint8[8, 8, 3]", BYTES), spec("float32[1, 3, 8, 8]", SHARES))
    assert {"transpose", "expand_dims", "reverse_channels"} <= found
    assert found.isdisjoint({"cast", "scale", "quantize"})


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        ("uint8[8, 8]", "float32[8, 8]"),
        ("uint8[8, 1]", "uint8[8]"),
    ],
)
def test_where_one_of_the_two_is_done_nothing_waits(provided, required):
    assert asked(spec(provided), spec(required)) is None


def test_what_waits_for_the_values_is_waited_for():
    """A filling is written in the encoding of the consumer: it comes last, and opens with the last conversion."""
    short, long = spec("uint8[4, 6]", {"range": (0, 255)}), spec("float32[4, 9]", {"range": (0, 1)})
    assert asked(short, long) is None
    # Of one that needs no conversion it can be said now.
    assert asked(spec("uint8[4, 6]"), spec("float32[4, 9]")) is not None


@pytest.mark.parametrize(
    ("provided", "required", "is_apart"),
    [
        (("uint8[8, 8]", {}), ("float32[8, 8]", {}), True),
        (("uint8[8]", {}), ("ragged uint8[8, None]", {}), False),
        (("uint8[*]", {}), ("float32[8]", {}), False),
        (("string[8]", {}), ("string[1, 8]", {}), False),
        (("int32[8, 3]", {"padding": {"value": 0}}), ("int64[8, 3]", {}), False),
        (("float32[8, 3]", {"meaning": "logits"}), ("float32[8, 3]", {"meaning": "probabilities"}), False),
        (("int32[8, 3]", {}), ("int32[8, 3]", {"meaning": "mask"}), False),
        (("float32[8, 3]", {"meaning": "logits"}), ("float16[3, 8]", {"meaning": "logits"}), True),
    ],
)
def test_layout_and_values_are_two_questions_of_numbers(provided, required, is_apart):
    assert is_separable(spec(*provided), spec(*required)) is is_apart


def test_the_scales_of_an_axis_go_where_it_goes():
    stored = {"scale": [1.0, 2.0], "zero_point": [0, 0], "axis": 0}
    given = spec("int8[2, 3]", {"axes": ("a", "b"), "quantization": stored})
    moved = in_required_layout(given, spec("float32[3, 2]", {"axes": ("b", "a")}))
    assert (moved.shape, moved.facts.quantization.axis) == ((3, 2), 1)
    # Of two axes of that size, unnamed, nobody knows.
    assert in_required_layout(given, spec("float32[2, 3, 2]")) is None


def test_the_least_loss_is_that_of_the_cheapest():
    costs = [Cost(rounding=2, steps=3), Cost(rounding=1, assumptions=4)]
    assert least_loss(costs) == Cost(rounding=1)
    assert least_loss([]) is FREE


def test_layout_and_values_are_searched_one_after_the_other():
    """As many specs as there are steps of the two, and not as there are pairs of them."""
    given = {"axes": ("batch", "channel", "time"), "quantization": {"scale": 0.02, "zero_point": 0}, "range": (0, 2)}
    wanted = {"axes": ("height", "time", "batch", "width", "channel"), "range": (0, 1)}
    wanted["normalization"] = {"mean": 0.5, "std": 0.5}
    provided, required = spec("int8[?, 1, 2]", given), spec("float16[1, 2, ?, 1, 1]", wanted)
    growth, mixed = (grow(provided, required, DEFAULT_POLICY, postpones=one) for one in (True, False))
    plans = [[one.plan_to(goal) for goal in one.goals] for one in (growth, mixed)]
    assert plans[0][0].cost == plans[1][0].cost
    assert len(growth.edges) < len(mixed.edges) / 2


def test_a_mean_by_permission_is_one_of_the_numbers_that_are_required():
    """Nothing waits for it: of numbers that are cast before it is another one."""
    policy = Policy(loss="irreversible", allow=("mean",), deny=("ensure_shape",))
    plan = search(parse_spec("int64[3]"), parse_spec("int8[1]"), policy).plan
    assert [step.transform for step in plan.steps] == ["cast", "mean"]
