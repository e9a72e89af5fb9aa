"""Row by row: whether calling one of the models once for each row would feed every input, and how a help says so."""

from __future__ import annotations

from collections.abc import Callable

from sigcheck.planning.advice import planned
from sigcheck.planning.batch import find_unshared
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.repeated import repeated_options
from sigcheck.schema.report import Binding
from sigcheck.schema.row_call import row_of, rows_of
from sigcheck.schema.tensor_spec import TensorSpec


def row_call_help(match: MatchView) -> str:
    """The option with its words, where each input is fed then; empty where it is not, or a model is called so already.

    What is tried is the plan of each input, of one row, or with an axis in front.
    """
    if match.is_mapped or not match.bindings or any(one.junction is not None for one in match.bindings):
        return ""
    if all(rows_of(one.spec) is not None for one in match.inputs) and not _is_wanted(match):
        rows = _led(match, row_of)
        # Each input alone is fed then; that all get as many examples may take one value for all of them.
        options = None if rows is None else repeated_options(rows, find_unshared(rows), match.policy)
        if options is not None:
            return " ".join(("call the consumer once for each row, with --map", *options))
    if match.has_batched_producer and _led(match, rows_of) is not None:
        return "where the producer's batch is a part of each example put another in front of it, with --map-producer"
    return ""


def _is_wanted(match: MatchView) -> bool:
    """Whether the consumer has a place for the axis whose entries would be fed one by one, as far as names say."""
    pairs = ((one.provided_spec.facts.axes, one.required_spec.facts.axes) for one in match.bindings)
    return any(ours and theirs and ours[0] is not None and ours[0] in theirs for ours, theirs in pairs)


def _led(match: MatchView, seen: Callable[[TensorSpec], TensorSpec | None]) -> list[Binding] | None:
    """The bindings with the plans of what is seen; None where one of them has none."""
    led = []
    for one in match.bindings:
        spec = seen(one.provided_spec)
        plan = None if spec is None else planned(spec, one.required_spec, match.policy).plan
        if spec is None or plan is None:
            return None
        led.append(one.model_copy(update={"provided_spec": spec, "plan": plan, "verdict": plan.verdict}))
    return led
