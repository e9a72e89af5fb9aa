"""Taken in parts: inputs that no output feeds, and that one output feeds together, a part of it each."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import bind_option
from sigcheck.schema.junction import Junction
from sigcheck.schema.plan import PASSING
from sigcheck.schema.signature import Endpoint

# Nobody writes as many options, or looks through as many outputs.
_MOST_INPUTS = 8
_MOST_TRIED = 16


def parts_help(match: MatchView, outputs: Sequence[Endpoint]) -> str:
    """How one of these outputs is parted among all inputs that nothing feeds; empty where none is, or in two ways.

    The parts go in the order of the inputs: sizes alone tell which is which where they differ.
    """
    from sigcheck.planning.fans import Unjoined, choose, join

    inputs = match.missing
    if not 1 < len(inputs) <= _MOST_INPUTS:
        return ""
    for output in outputs[:_MOST_TRIED]:
        way = choose([output], inputs, match.policy)
        if isinstance(way, Unjoined):
            way = next((one for one in way.ways if one.kind != "share"), way)
        if not isinstance(way, Junction) or way.kind == "share":
            continue
        found = join(way, [output], inputs, match.policy)
        if not isinstance(found, Unjoined) and all(one.binding.verdict in PASSING for one in found):
            told = " ".join(bind_option(str(way), one.name) for one in inputs)
            return f"where each is a part of {output.name}, in this order, say so with {told}"
    return ""
