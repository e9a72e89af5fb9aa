"""Unchecked: what could not be compared, because a side does not say it."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.schema.agreement import undeclared
from sigcheck.schema.report import Binding

# How each fact is called in a sentence.
WORDS = {
    "axes": "axes",
    "range": "value range",
    "normalization": "normalization",
    "quantization": "quantization",
    "meaning": "meaning",
    "id_count": "id count",
    "channel_order": "channel order",
    "padding": "padding",
}


def list_unchecked(bindings: Sequence[Binding]) -> tuple[str, ...]:
    """One line for each fact of each input that was not compared: `value range of x: not declared`."""
    lines = []
    for binding in bindings:
        plan = binding.plan
        end = plan.steps[-1].result if plan is not None and plan.steps else binding.provided_spec
        required = binding.required_spec
        for fact in undeclared(end, required):
            ours, theirs = getattr(end.facts, fact), getattr(required.facts, fact)
            who = "" if ours is None and theirs is None else " by the producer" if ours is None else " by the consumer"
            lines.append(f"{WORDS[fact]} of {binding.required}: not declared{who}")
    return tuple(lines)
