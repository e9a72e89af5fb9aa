"""Row by row: whether calling one of the models once for each row would feed every input, and how a help says so."""

from __future__ import annotations

from collections.abc import Callable

from sigcheck.planning.advice import planned
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.row_call import row_of, rows_of
from sigcheck.schema.tensor_spec import TensorSpec


def row_call_help(match: MatchView) -> str:
    """The option with its words, where each input is fed then; empty where it is not, or a model is called so already.

    What is tried is the plan of each input, of one row, or with an axis in front.
    """
    if match.is_mapped or not match.bindings or any(one.junction is not None for one in match.bindings):
        return ""
    if all(rows_of(one.spec) is not None for one in match.inputs) and not _is_wanted(match) and _leads(match, row_of):
        return "call the consumer once for each row, with --map"
    if match.has_batched_producer and _leads(match, rows_of):
        return "where the producer's batch is a part of each example put another in front of it, with --map-producer"
    return ""


def _is_wanted(match: MatchView) -> bool:
    """Whether the consumer has a place for the axis whose entries would be fed one by one, as far as names say."""
    pairs = ((one.provided_spec.facts.axes, one.required_spec.facts.axes) for one in match.bindings)
    return any(ours and theirs and ours[0] is not None and ours[0] in theirs for ours, theirs in pairs)


def _leads(match: MatchView, seen: Callable[[TensorSpec], TensorSpec | None]) -> bool:
    for one in match.bindings:
        spec = seen(one.provided_spec)
        if spec is None or planned(spec, one.required_spec, match.policy).plan is None:
            return False
    return True
