"""What is called out of reach is never reached, whatever is allowed."""

from __future__ import annotations

from collections import Counter

from sigcheck.planning.grow import grow
from sigcheck.planning.reach import is_out_of_reach
from sigcheck.schema.policy import Policy
from sigcheck.transforms import BY_PERMISSION
from tests.laws.law import hold
from tests.laws.random_specs import draw_pair, draw_shape

LOOSEST = Policy(
    loss="irreversible",
    assume="warn",
    allow=tuple(name for name in BY_PERMISSION if name != "batch_min_max"),
)


def test_nothing_leads_to_what_is_out_of_reach():
    seen: Counter[bool] = Counter()

    def law(random):
        provided, required = draw_pair(random)
        if required.kind == provided.kind == "dense" and random.random() < 0.3:
            required = required.replace(shape=(None, *draw_shape(random)), facts=required.facts.replace(axes=None))
        is_out = is_out_of_reach(provided, required)
        seen[is_out] += 1
        if is_out:
            growth = grow(provided, required, LOOSEST)
            assert not growth.goals, f"{provided} {provided.facts} -> {required}: {growth.plan_to(growth.goals[0])}"

    hold(law, usual=400, full=40_000)
    assert min(seen.values()) > 20
