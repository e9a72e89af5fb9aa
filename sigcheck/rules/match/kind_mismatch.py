"""Ragged, sparse or dense: the kind of tensor differs.

## What it does
Finds an output that is ragged or sparse where the input is dense, or the other way round.

Rows that do not fit the dense size are `truncated_rows`.

## Why is this bad?
The kinds are different Python classes and different graph inputs: TensorFlow refuses one for
the other. Signatures hide it: a sparse output looks dense in most listings.

## Example
    words: warning[kind_mismatch]: required a dense tensor, provided a ragged one
      required  words: int32[?, 12]
      provided  tokens: ragged int32[?, None]
      help      the adapter does it: ragged_to_dense(...)

## What to do
Use the adapter. To make a ragged tensor dense it needs the value that fills rows up: declare
the `padding` of the input.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.cuts import cuts
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "kind_mismatch"
ORDER = 90
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding of two kinds."""
    for course in match.courses:
        ours, theirs = course.provided.kind, course.required.kind
        if ours == theirs:
            continue
        cures = course.where(lambda change: change.before.kind != change.step.result.kind)
        yield course.finding(
            NAME,
            # Whether rows may be cut or refused is told, and judged, by truncated_rows.
            course.level(LEVEL, [one for one in cures if not cuts(one)], is_cured=course.end.kind == theirs),
            f"required a {theirs} tensor, provided a {ours} one",
            course.cure(cures, f"no transform makes this {ours} tensor {theirs}; convert it in the producer"),
        )
