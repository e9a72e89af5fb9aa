"""No pair passes whose plan leads to sizes that the consumer refuses, and none fails whose sizes it takes."""

from __future__ import annotations

import os
import random

import pytest

from sigcheck.schema.cost import LOSSES
from sigcheck.schema.policy import Policy
from tests.planning.sized_files import check_sizes, tensor

IS_FULL = os.environ.get("SIGCHECK_LAWS") == "full"
SEEDS = range(2_000 if IS_FULL else 120)
NAMES = ("s", "t")
PASSES = frozenset({"fits", "adapts", "guarded"})


def constraint(draw):
    """One on a size, on two, or a choice."""
    name = draw.choice(NAMES)
    one = draw.choice(
        [
            f"{name} % {draw.choice([2, 3, 4, 8])} == {draw.choice([0, 0, 0, 1])}",
            f"{name} >= {draw.randint(1, 12)}",
            f"{name} <= {draw.randint(4, 40)}",
            f"{name} // {draw.choice([2, 3])} % 2 == 0",
            f"{name} != {draw.randint(1, 30)}",
            "s == t",
            "s >= t",
            f"s + t <= {draw.randint(10, 70)}",
        ]
    )
    return one if draw.random() < 0.8 else f"{one} or {name} == {draw.randint(1, 9)}"


def is_taken(constraints, sizes):
    return all(eval(one, {}, dict(sizes)) for one in constraints)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_passes_is_of_sizes_that_the_consumer_takes(tmp_path, seed):
    draw = random.Random(seed)
    taken = [tensor("x", "float32", "batch", "s", 2), tensor("y", "float32", "batch", draw.choice(NAMES), 3)]
    fed = {"x": draw.randint(1, 40), "y": draw.randint(1, 40)}
    if draw.random() < 0.4:
        fed["y"] = fed["x"]
    given = [
        tensor("x", draw.choice(["float32", "float64"]), None, fed["x"], 2),
        tensor("y", "float32", None, fed["y"], 3),
    ]
    constraints = [constraint(draw) for _ in range(draw.randint(1, 3))]
    named = {one["sizes"][1] for one in taken}
    constraints = [one for one in constraints if all(name not in one or name in named for name in NAMES)]
    policy = Policy(loss=draw.choice(LOSSES[1:]), pad_value=draw.choice([None, 0]))
    report = check_sizes(tmp_path, given, taken, constraints, policy=policy)
    sizes = dict(zip((taken[0]["sizes"][1], taken[1]["sizes"][1]), fed.values(), strict=True))
    is_one = taken[1]["sizes"][1] != "s" or fed["x"] == fed["y"]
    if is_one and is_taken(constraints, sizes):
        assert report.verdict in PASSES
        assert not [one for one in report.findings if one.rule == "size_constraint"]
    elif report.verdict in PASSES:
        ends = [one.end.shape[1] for one in report.bindings]
        names = [one["sizes"][1] for one in taken]
        assert names[0] != names[1] or ends[0] == ends[1]
        assert is_taken(constraints, dict(zip(names, ends, strict=True))), (constraints, fed, ends)
    else:
        assert [one for one in report.findings if one.rule == "size_constraint"]
