"""Explained: a search that says why there is no plan, which takes the longest to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sigcheck.planning.search import Outcome
from sigcheck.planning.search import search as search_only
from sigcheck.schema.plan import Plan, Verdict
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.tensor_spec import TensorSpec

if TYPE_CHECKING:
    from sigcheck.planning.proposals import Proposals
    from sigcheck.schema.obstacle import Obstacle


def search(provided: TensorSpec, required: TensorSpec, policy: Policy = DEFAULT_POLICY) -> Outcome:
    """The outcome of a search, with the nearest plan and the obstacle where there is none."""
    return search_only(provided, required, policy, _why)


def _why(provided: TensorSpec, policy: Policy, proposals: Proposals, verdict: Verdict) -> tuple[Plan, Obstacle]:
    # Loaded where a pair has no plan only.
    from sigcheck.planning.obstacle import find_obstacle

    return find_obstacle(provided, policy, proposals, verdict)
