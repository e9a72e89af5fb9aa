"""Plans of which it is said by their coordinates that they mean the same give the same values.

The planner does not run them on numbers, so that what is said wrongly would pass one of two that differ.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from sigcheck.planning.grow import grow
from sigcheck.planning.meaning import mean_the_same, meaning_of
from sigcheck.planning.rivals import give_equal_values
from tests.laws.latent_pairs import draw, forget
from tests.laws.law import hold


def test_what_means_the_same_gives_the_same_values():
    seen: Counter[str] = Counter()

    def law(random):
        pair = draw(random) if random.random() < 0.5 else forget(random, draw(random))
        growth = grow(pair.provided, pair.required, pair.policy)
        plans = [growth.plan_to(goal) for goal in growth.goals]
        for first, second in combinations(plans, 2):
            one, other = (meaning_of(plan.steps, pair.provided) for plan in (first, second))
            if one == other or not mean_the_same(one, other):
                continue
            seen[first.steps[-1].transform] += 1
            told = f"{pair.provided} -> {pair.required}: {first}; {second}"
            assert give_equal_values(pair.provided, first, second), told

    hold(law, usual=600, full=40_000)
    assert len(seen) > 1
