"""An output feeds nothing.

## What it does
Names outputs of the producer that no input is bound to.

## Why is this bad?
Mostly it is not: models give more than the next one takes. It is worth a look where the
output was meant to be used, and a name was mistyped.

## Example
    attention: note[unused_output]: no input takes it
      provided  attention: float32[?, 12, 128]

## What to do
Nothing, or bind it with `--bind attention=IN`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "unused_output"
ORDER = 390
LEVEL: Level = "note"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one note for each output without an input."""
    for endpoint in match.unused:
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=endpoint.name,
            message="no input takes it",
            help="nothing to do, unless an input was meant to take it: then bind it by name",
            provided=str(endpoint),
        )
