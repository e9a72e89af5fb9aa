"""The producer may emit ids that the consumer has no row for.

## What it does
Finds ids that count higher than the consumer's `id_count`: a tokenizer of 50000 words before
an embedding of 30522 rows.

## Why is this bad?
On a CPU the lookup fails on the first such id. On a GPU it returns zeros, and nothing is said.

## Example
    ids: error[id_out_of_vocabulary]: required ids below 30522, provided below 50000
      required  ids: int32[?, 128]
      provided  tokens: int32[?, 128]
      help      guard_ids(...) would do it; allow it with --allow guard_ids

## What to do
Pair the tokenizer with the model that it was made for. Where ids beyond the count never occur
in practice, `--allow guard_ids` asserts it for each batch.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.agreement import limits_as_ids
from sigcheck.schema.facts import Facts
from sigcheck.schema.finding import Finding, Level

NAME = "id_out_of_vocabulary"
ORDER = 280
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose ids may be none of the consumer's."""
    for course in match.courses:
        if "id_count" not in course.conflicts:
            continue
        cures = course.where(lambda change: change.step.transform == "guard_ids")
        yield course.finding(
            NAME,
            course.level(LEVEL, cures, is_cured=course.is_settled("id_count")),
            _told(course.provided.facts, course.required.facts),
            course.cure(
                cures, "pair the vocabulary with its model, or assert the ids at run time with --allow guard_ids"
            ),
        )


def _told(ours: Facts, theirs: Facts) -> str:
    (low, high), (least, most) = limits_as_ids(ours) or (0, 0), limits_as_ids(theirs) or (0, 0)
    if low == least == 0:
        return f"required ids below {most + 1}, provided below {high + 1}"
    return f"required ids from {least} to {most}, provided from {low} to {high}"
