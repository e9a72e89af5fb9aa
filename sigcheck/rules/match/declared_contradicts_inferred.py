"""What is declared of an input or output is not what its graph shows.

## What it does
Compares declared facts with those that the graph proves: values declared in [0, 255] that the last
operation keeps in [0, 1], logits that are the result of a softmax, ids, or a padding, declared beyond
the rows of the table. Where the graph only suggests a fact, as a scaling does, it is a note.

## Why is this bad?
What is declared beats what is inferred. If it is wrong, every conversion that rests on it is wrong.

## Example
    out: warning[declared_contradicts_inferred]: declared range [0, 255], the graph gives [0, 1] (Sigmoid)
      help      correct the declaration

## What to do
Correct the declaration. Where the file is not the model that the declaration is meant for, name the
right file.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import contradictions
from sigcheck.schema.finding import Finding, Level

NAME = "declared_contradicts_inferred"
ORDER = 330
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each declared fact that the graph contradicts."""
    yield from contradictions(match, NAME, LEVEL, "declared", "correct the declaration")
