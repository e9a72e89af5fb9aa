from __future__ import annotations

from itertools import permutations
from random import Random

import pytest

from sigcheck.planning.assignment import assign
from sigcheck.schema.cost import Cost


def brute_force(inputs, outputs, costs):
    """Every assignment that feeds as many inputs as any, with the least sum of meaning-costs."""
    places = [*outputs, *[None] * len(inputs)]
    found = {}
    for order in set(permutations(places, len(inputs))):
        pairs = [(out, name) for out, name in zip(order, inputs, strict=True) if (out, name) in costs]
        total = tuple(map(sum, zip(*(costs[pair].meaning for pair in pairs), strict=True))) or (0,) * 5
        found.setdefault((-len(pairs), total), set()).add(frozenset(pairs))
    return found[min(found)]


@pytest.mark.parametrize("seed", range(60))
def test_it_is_the_cheapest_of_all(seed):
    random = Random(seed)
    inputs = [f"in_{at}" for at in range(random.randint(1, 3))]
    outputs = [f"out_{at}" for at in range(random.randint(1, 3))]
    costs = {
        (out, name): Cost(rounding=random.randint(0, 2), guards=random.randint(0, 2), bytes_moved=random.randint(0, 9))
        for out in outputs
        for name in inputs
        if random.random() < 0.8
    }
    best = brute_force(inputs, outputs, costs)
    found = assign(inputs, outputs, costs)
    # What is chosen is part of every best assignment; what differs between them is tied.
    assert all((out, name) in pairs for pairs in best for name, out in found.chosen.items())
    for name in inputs:
        feeding = {next((out for out, to in pairs if to == name), None) for pairs in best}
        assert (name in found.tied) == (len(feeding) > 1)


def test_work_decides_nothing():
    costs = {("a", "x"): Cost(bytes_moved=1), ("b", "x"): Cost(bytes_moved=1000)}
    found = assign(["x"], ["a", "b"], costs)
    assert (dict(found.chosen), dict(found.tied)) == ({}, {"x": ("a", "b")})


def test_an_input_that_nothing_can_feed_is_left_out():
    found = assign(["x", "y"], ["a"], {("a", "y"): Cost()})
    assert (dict(found.chosen), dict(found.tied)) == ({"y": "a"}, {})
