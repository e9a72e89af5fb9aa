"""Unchecked: what could not be compared, because a side does not say it."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.schema.agreement import axes_of_other_words, undeclared
from sigcheck.schema.facts import Facts
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

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


def list_unchecked(
    bindings: Sequence[Binding], outputs: Sequence[Endpoint] = (), inputs: Sequence[Endpoint] = ()
) -> tuple[str, ...]:
    """One line for each fact of each input that was not compared: `value range of x: not declared`.

    `outputs` and `inputs` are the endpoints that are bound: what the graph of one shows alone is told.
    """
    given, taken = ({one.name: one for one in side} for side in (outputs, inputs))
    lines = []
    for binding in bindings:
        has_steps = binding.plan is not None and bool(binding.plan.steps)
        end = binding.plan.steps[-1].result if binding.plan is not None and has_steps else binding.provided_spec
        required = binding.required_spec
        # What the graph shows of the output is no longer true of what steps made of it.
        ours = None if has_steps else _shown_range(given.get(binding.provided))
        theirs = _shown_range(taken.get(binding.required))
        for fact in undeclared(end, required):
            words = axes_of_other_words(end, required) if fact == "axes" else ()
            told = _in_words(end, required, words) if words else _told(fact, end.facts, required.facts, ours, theirs)
            lines.append(f"{WORDS[fact]} of {binding.required}: {told}")
    return tuple(lines)


def _in_words(end: TensorSpec, required: TensorSpec, places: Sequence[int]) -> str:
    """The names of axes that are fed to axes of other names."""
    ours, theirs = ([(spec.facts.axes or ())[axis] or "" for axis in places] for spec in (end, required))
    return f"called {', '.join(ours)} by the producer and {', '.join(theirs)} by the consumer"


def _told(fact: str, end: Facts, required: Facts, ours: str | None, theirs: str | None) -> str:
    has_ours, has_theirs = getattr(end, fact) is not None, getattr(required, fact) is not None
    if fact == "range" and not has_ours and not has_theirs and (ours is None) != (theirs is None):
        who, other = ("producer", "consumer") if theirs is None else ("consumer", "producer")
        return f"the {who}'s graph shows {ours or theirs}, not declared by the {other}"
    if has_ours == has_theirs:
        return "not declared"
    return f"not declared by the {'consumer' if has_ours else 'producer'}"


def _shown_range(endpoint: Endpoint | None) -> str | None:
    claims = () if endpoint is None else endpoint.inferred
    ranges = [claim.value for claim in claims if claim.name == "range" and claim.tier != "convention"]
    return f"[{ranges[0][0]:g}, {ranges[0][1]:g}]" if ranges else None
