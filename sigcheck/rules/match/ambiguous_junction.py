"""Outputs are bound together, and nothing says how they are joined or parted.

## What it does
Finds outputs that are bound to one input, or inputs that are bound to one output, for which
several junctions fit, or only one that nobody can be sure of: along an axis of which no required
size is known, such as the batch.

## Why is this bad?
Joined along another axis, values stand where others are meant, and every shape may still fit.

## Example
    features: error[ambiguous_junction]: only a declaration says whether concat(a, b, axis=0) is meant
      required  features: float32[?, 8]
      provided  a: float32[?, 8] and b: float32[?, 8]
      help      say so with --bind 'concat(a, b, axis=0)=features'

## What to do
Bind the junction that is meant, with `--bind 'concat(a, b, axis=1)=IN'` and the like.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import bind_option
from sigcheck.rules.words.wording import endpoints
from sigcheck.schema.finding import Finding, Level

NAME = "ambiguous_junction"
ORDER = 30
LEVEL: Level = "error"

_SHOWN = 4


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each input whose outputs can be joined in a way that is not declared."""
    for one in match.unjoined:
        if not one.ways:
            continue
        shown = "; ".join(f"({at}) {way}" for at, way in enumerate(one.ways[:_SHOWN], start=1))
        more = f"; and {len(one.ways) - _SHOWN} more" if len(one.ways) > _SHOWN else ""
        message = (
            f"{len(one.ways)} junctions fit equally well and give different values: {shown}{more}"
            if len(one.ways) > 1
            else f"only a declaration says whether {one.ways[0]} is meant"
        )
        way = one.ways[0].told_beside({end.name for end in match.outputs})
        told = " ".join(bind_option(way, end.name) for end in one.inputs)
        for required in one.inputs:
            yield Finding(
                rule=NAME,
                level=LEVEL,
                place=required.name,
                message=message,
                help=f"say {'which' if len(one.ways) > 1 else 'so'} with {told}",
                required=str(required),
                provided=endpoints(one.outputs),
            )
