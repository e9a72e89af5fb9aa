"""Bind: which output feeds which input."""

from __future__ import annotations

from os import PathLike

from sigcheck.planning.binding import Bound
from sigcheck.planning.binding import bind as bind_names
from sigcheck.schema.bind import Bind
from sigcheck.schema.policy import Policy
from sigcheck.stages.pair import Pair


def bind(pair: Pair, names: Bind | None, policy: Policy, example: str | PathLike[str] | None = None) -> Bound:
    """The endpoints of the pair, each input with what feeds it. Raises as `planning.binding.bind` does."""
    told = None
    if example is not None:
        from sigcheck.planning.example import read_example

        told = read_example(example)
    passed = [one.name for one in pair.passed]
    return bind_names(
        pair.outputs, pair.inputs, names, policy, example=told, passed=passed, constraints=pair.constraints
    )
