"""A required input is fed by no output.

## What it does
Finds inputs of the consumer that nothing is bound to. Optional inputs do not count.

## Why is this bad?
The consumer cannot be called without them. TensorFlow says so at the call, by a name such as
`keras_tensor_8`.

## Example
    mask: error[missing_input]: no output feeds it
      required  mask: int32[?, 128]
      help      bind one with --bind OUT=mask; left over: attention

## What to do
Bind an output to it with `--bind OUT=IN`, or give the pipeline another source for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import bind_option
from sigcheck.schema.finding import Finding, Level

NAME = "missing_input"
ORDER = 10
LEVEL: Level = "error"

_SHOWN = 5


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each required input without an output."""
    left = [endpoint.name for endpoint in match.unused]
    for endpoint in match.missing:
        near = get_close_matches(endpoint.name, left, n=1)
        if near:
            advice = f"bind the output of the nearest name with {bind_option(near[0], endpoint.name)}"
        elif left:
            more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
            advice = f"bind one with {bind_option('OUT', endpoint.name)}; left over: {', '.join(left[:_SHOWN])}{more}"
        else:
            advice = f"the producer has no output left; feed {endpoint.name} from elsewhere, or name another producer"
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=endpoint.name,
            message="no output feeds it",
            help=advice,
            required=str(endpoint),
        )
