"""Probabilities are fed to a softmax.

## What it does
Finds an output that is the result of a softmax, and an input that a softmax is applied to at once.
Both are seen in the graphs of the models.

## Why is this bad?
A softmax of probabilities is nearly flat: of ten classes the surest gets 0.23 at most. Nothing fails.

## Example
    x: warning[double_softmax]: required values for a softmax, provided probabilities of one (Softmax)
      required  x: float32[?, 10]
      provided  scores: float32[?, 10]
      help      take one softmax away, or feed the logits

## What to do
Export the producer without its last softmax, or the consumer without its first one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import claim_of, seen_pairs
from sigcheck.schema.finding import Finding, Level

NAME = "double_softmax"
ORDER = 260
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding of probabilities to a softmax."""
    for pair in seen_pairs(match):
        given, taken = claim_of(pair.output, "meaning"), claim_of(pair.input, "softmax_applied")
        if given is None or taken is None or given.value != "probabilities":
            continue
        yield pair.finding(
            NAME,
            LEVEL,
            f"required values for a softmax, provided probabilities of one ({given.reason})",
            "take one softmax away, or feed the logits",
        )
