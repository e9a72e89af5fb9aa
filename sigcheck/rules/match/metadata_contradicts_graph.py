"""What the metadata of a file says of an input or output is not what its graph shows.

## What it does
Compares the facts that stand in a file, such as the value range in a TFLite model's metadata, with
those that its graph proves.

## Why is this bad?
Metadata is written by hand, and copied with models. A published file says scores in [0, 1] and gives
-3079 to 194.

## Example
    out: warning[metadata_contradicts_graph]: read range [0, 255], the graph gives [0, 1] (Logistic)
      help      declare the fact: what is declared is believed

## What to do
Look at what the model gives, and declare it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import contradictions
from sigcheck.schema.finding import Finding, Level

NAME = "metadata_contradicts_graph"
ORDER = 340
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each fact in the file that the graph contradicts."""
    yield from contradictions(match, NAME, LEVEL, "read", "declare the fact: what is declared is believed")
