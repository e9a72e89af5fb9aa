"""With sizes: a match held against the sizes that the consumer takes: cured, or guarded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sigcheck.planning.ends import Ends
from sigcheck.planning.matching import Match
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

if TYPE_CHECKING:
    from sigcheck.planning.cured import Search
    from sigcheck.planning.example import Example
    from sigcheck.planning.search import Outcome

    # Reads the example that decides between plans, which most pairs have none of.
    ReadExample = Callable[[], Example | None]


def with_sizes(match: Match, ends: Ends, policy: Policy, example: ReadExample) -> Match:
    """The match with steps to sizes that the consumer takes, and with what cannot be told before asserted.

    Raises UsageError where no plan makes the example.
    """
    judged = ends.judge(match)
    if judged.unmet:
        from sigcheck.planning.cured import cure

        match = cure(match, ends, policy, _searching(ends, policy, example))
        judged = ends.judge(match)
    if judged.undecided and not judged.unmet:
        from sigcheck.planning.guarded import guard

        match = guard(match, judged.undecided, policy)
    return match


def _searching(ends: Ends, policy: Policy, example: ReadExample) -> Search:
    """Searches as for any pair, an example deciding."""
    from sigcheck.planning.explained import search
    from sigcheck.planning.matching import decided

    outputs = {one.name: one for one in ends.outputs}

    def searched(provided: TensorSpec, required: TensorSpec, binding: Binding) -> Outcome:
        own = policy.of(binding.required)
        outcome = search(provided, required, own)
        source = outputs.get(binding.provided)
        wanted = Endpoint(name=binding.required, spec=required)
        return outcome if source is None else decided(outcome, source, wanted, own, example())

    return searched
