"""The values mean something else than the consumer takes them for.

## What it does
Finds an output and an input that both declare a meaning, and not the same one: logits
against probabilities, class ids against embeddings. Finds too what declares none and cannot be the one that
is required: ids up to 30521, or rows filled with -1, for a mask.

## Why is this bad?
Both are float32 rows of equal length, so nothing fails. A threshold of 0.5 on logits, or a
softmax over what already is one, gives wrong answers quietly.

## Example
    scores: warning[meaning_mismatch]: required probabilities, provided logits
      required  scores: float32[?, 10]
      provided  dense_2: float32[?, 10]
      help      the adapter does it: activation(function=softmax, axis=1)

## What to do
Use the adapter where it converts the one into the other. Else bind another output, or
correct the declaration.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.id_agreement import id_bound
from sigcheck.schema.meaning_agreement import beyond_meaning
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.classes import class_axis

NAME = "meaning_mismatch"
ORDER = 250
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose known meanings differ."""
    for course in match.courses:
        ours, theirs = course.provided.facts.meaning, course.required.facts.meaning
        if "meaning" in course.conflicts:
            # What names no meaning may say otherwise that it cannot be this one.
            given = ours or beyond_meaning(course.provided.facts, course.required.facts)
            otherwise = _too_many(course.provided, course.required) or (
                f"nothing turns {given} into {theirs}; bind another output, or correct the declaration"
            )
            yield course.mismatch("meaning", NAME, LEVEL, f"required {theirs}, provided {given}", otherwise)


def _too_many(provided: TensorSpec, required: TensorSpec) -> str | None:
    """What keeps ids of classes from being one of as many probabilities: that there are more of them."""
    meanings = (provided.facts.meaning, required.facts.meaning)
    bound, found = id_bound(provided.facts), class_axis(required)
    if meanings != ("class_ids", "probabilities") or bound is None or found is None:
        return None
    count = (required.shape or ())[found.axis]
    if count is None or bound <= count:
        return None
    return f"ids reach {bound - 1}, and there are {count} classes; map the others in the producer, or correct the fact"
