"""Serialized Examples hold other features than a model parses.

## What it does
Holds the features that Examples are declared to have against those that the consumer's graph parses: their names, their
dtypes, how many values there are, and whether one may be absent.

## Why is this bad?
Every Example is a string. What does not agree fails when it is parsed, batch by batch, with the first feature that
parsing came to; a feature of a default is replaced by it, and nobody notices.

## Example
    examples: error[feature_mismatch]: age: 2 values, 1 is parsed; name: not among them, and no default stands for it
      required  examples: string[?]
      provided  records: string[?]
      help      write the Examples as they are parsed, or correct what is declared: age float32[1], name string[]

## What to do
Write the Examples with the features that are parsed, or export the model with a parsing specification that has the
Examples' own: `VarLenFeature` for any number of values, a default for a feature that may be absent.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.feature_agreement import feature_differences
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.printable import shortened

NAME = "feature_mismatch"
ORDER = 252
LEVEL: Level = "error"

# Of more, what is wrong with one of them is wrong with most.
_MOST_TOLD = 8


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose Examples are not those that are parsed."""
    for course in match.courses:
        ours, theirs = course.provided.facts.features, course.required.facts.features
        if ours is None or theirs is None or "features" not in course.conflicts:
            continue
        differences = list(feature_differences(ours, theirs))
        told = [f"{shortened(one.name)}: {one.problem}" for one in differences[:_MOST_TOLD]]
        more = [f"and {len(differences) - _MOST_TOLD} more"] if len(differences) > _MOST_TOLD else []
        wanted = ", ".join(f"{shortened(one.name)} {one.wanted}" for one in differences[:_MOST_TOLD])
        otherwise = f"write the Examples as they are parsed, or correct what is declared: {wanted}"
        yield course.mismatch("features", NAME, LEVEL, "; ".join([*told, *more]), otherwise)
