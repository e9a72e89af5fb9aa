"""Plan: for each input that is fed the cheapest steps that make it fit."""

from __future__ import annotations

from dataclasses import replace

from sigcheck.planning.binding import Bound
from sigcheck.planning.ends import Ends
from sigcheck.planning.matching import plan as plan_bound
from sigcheck.planning.with_sizes import with_sizes
from sigcheck.stages.draft import Draft
from sigcheck.stages.pair import Pair


def plan(pair: Pair, bound: Bound) -> Draft:
    """The pair with a plan for each input that is fed. Raises UsageError where no plan makes the example, and where no
    length is known that is to be chosen.
    """
    if isinstance(bound.policy.max_length, str):
        from sigcheck.stages.lengths import chosen_lengths

        lengths = chosen_lengths(pair.evidence.get("producer", {}), bound.policy.max_length)
        bound = replace(bound, lengths=lengths)
    ends = Ends(pair.outputs, pair.inputs, pair.constraints, pair.given)
    match = with_sizes(plan_bound(bound), ends, bound.policy, lambda: bound.example)
    return Draft.of(pair, match, bound.policy)
