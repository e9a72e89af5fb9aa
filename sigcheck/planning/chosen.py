"""Chosen: what an example decided, so that it is decided again where the example is not at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sigcheck.planning.matching import Match
from sigcheck.schema.bind import Bind, add_pair, bound_pairs
from sigcheck.schema.junction import Junction
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding


def pin_bind(bind: Bind, bindings: Sequence[Binding]) -> dict[str, str | list[str]]:
    """What was bound, with the way to join or to part in the words that name it.

    >>> pin_bind({"a": "x"}, ())
    {'a': 'x'}
    """
    by_input = {binding.required: binding for binding in bindings}
    shared = {output for output, _ in bound_pairs(bind) if len(_inputs(bind, output)) > 1}
    pinned: dict[str, str | list[str]] = {}
    for output, name in bound_pairs(bind):
        binding = by_input.get(name)
        key = output
        if binding is not None and binding.junction is not None:
            step = binding.junction
            parts = tuple(part.provided for part in binding.parts)
            key = str(Junction(kind=step.transform, outputs=parts, axis=step.arguments.get("axis")))
        elif binding is not None and output in shared and output == binding.provided:
            key = str(Junction(kind="share", outputs=(output,)))
        if name not in _inputs(pinned, key):
            add_pair(pinned, key, name)
    return pinned


def tell_plans(bindings: Sequence[Binding]) -> dict[str, str]:
    """The steps to each input, behind the junction where there is one."""
    return {binding.required: str(binding.plan) for binding in bindings if binding.plan is not None}


def choose_again(match: Match, plans: Mapping[str, str]) -> Match:
    """The match with the plans that were chosen; one that is offered no more leaves its binding as it is."""
    pairs = [
        (_chosen(binding, plans.get(binding.required)), outcome)
        for binding, outcome in zip(match.bindings, match.outcomes, strict=True)
    ]
    return replace(
        match,
        bindings=tuple(binding for binding, _ in pairs),
        outcomes=tuple(replace(outcome, verdict=one.verdict, plan=one.plan) for one, outcome in pairs),
    )


def _chosen(binding: Binding, told: str | None) -> Binding:
    offered = {str(plan): plan for plan in (*binding.alternatives, *binding.candidates)}
    plan = offered.get(told or "")
    if plan is None or any(part.plan is None for part in binding.parts):
        return binding
    made = binding.model_copy(update={"plan": plan, "candidates": ()})
    return made.model_copy(update={"verdict": Plan(steps=made.steps).verdict})


def _inputs(bind: Bind, output: str) -> Sequence[str]:
    names = bind.get(output, ())
    return (names,) if isinstance(names, str) else names
