"""Law 7: the same bytes for the same input, whatever the hash seed; and a stricter policy never allows more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sigcheck.planning.search import search
from sigcheck.schema.cost import LOSSES
from tests.laws.law import IS_FULL, hold
from tests.laws.random_specs import draw_pair, draw_policy

PAIRS = 2_000 if IS_FULL else 60
PRINT_OUTCOMES = f"""
from random import Random
from tests.laws.random_specs import draw_pair, draw_policy
from sigcheck.planning.explained import search
for number in range({PAIRS}):
    random = Random(number)
    outcome = search(*draw_pair(random), draw_policy(random))
    print(outcome.verdict, outcome.plan, *outcome.candidates, *outcome.alternatives, outcome.nearest, outcome.obstacle)
"""


def printed(hash_seed):
    paths = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", PRINT_OUTCOMES],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths},
        capture_output=True,
        check=True,
    )
    return done.stdout


def test_the_hash_seed_changes_nothing():
    first, second = printed("1"), printed("2")
    assert first == second
    assert first.count(b"\n") == PAIRS


def tightened(random, policy):
    """The policy with one thing less allowed."""
    way = random.choice(("loss", "guard", "deny", "allow", "assume"))
    if way == "assume" and policy.assume == "warn":
        return policy.model_copy(update={"assume": random.choice(("explained", "error"))})
    if way == "loss" and policy.loss != "exact":
        return policy.model_copy(update={"loss": LOSSES[LOSSES.index(policy.loss) - 1]})
    if way == "deny":
        return policy.model_copy(
            update={"deny": (*policy.deny, random.choice(("cast", "pad", "transpose", "reshape")))}
        )
    return policy.model_copy(update={"allow": ()} if way == "allow" else {"guard": False})


def forbids_what_is_made_up(policy, outcome):
    """Whether the one candidate makes values up, and the policy says that it is not wanted."""
    if outcome.is_stopped or len(outcome.candidates) > 1:
        return False
    return any(step.transform in policy.deny for step in outcome.candidates[0].steps)


def test_a_stricter_policy_never_allows_more():
    def law(random):
        provided, required = draw_pair(random)
        loose = draw_policy(random)
        strict = tightened(random, loose)
        under_strict, under_loose = search(provided, required, strict), search(provided, required, loose)
        if under_strict.plan is not None or under_strict.candidates:
            told = f"{provided} {provided.facts} -> {required} {required.facts}: {strict} passes, {loose} does not"
            assert under_loose.verdict != "blocked", told
        # What is allowed by permission is also wanted: it may add an assumption to what passed.
        if under_strict.plan is not None and strict.allow == loose.allow:
            assert under_loose.verdict != "undecided" or forbids_what_is_made_up(strict, under_loose), told
        if under_strict.verdict == "fits" and not loose.allow:
            assert under_loose.verdict == "fits"

    hold(law, usual=250, full=40_000)
