"""Rows may be longer than the consumer takes.

## What it does
Finds a plan that cuts values off, or that refuses rows which are too long: a ragged tensor
made dense at a fixed length, or an axis shortened to the required size.

## Why is this bad?
What is cut off is gone: the end of a sentence, the last frames. What is refused stops the
pipeline on the first long row, perhaps months later.

## Example
    words: warning[truncated_rows]: rows longer than 12 are refused at run time
      required  words: int32[?, 12]
      provided  tokens: ragged int32[?, None]

## What to do
Say which of the two is meant: `--loss truncating` allows cutting, the default is to refuse.
Better, let the producer make no longer rows, or export the consumer with an open length.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.course import Change
from sigcheck.rules.rule import MatchView
from sigcheck.schema.cost import LOSSES
from sigcheck.schema.finding import Finding, Level

NAME = "truncated_rows"
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each step that cuts rows or guards their length."""
    for course in match.courses:
        for change in course.changes:
            step = change.step
            sizes = cuts(change)
            if not sizes:
                continue
            longer = " and ".join(f"longer than {size} on axis {axis}" for axis, size in sizes)
            if step.guard:
                fate, advice = "are refused at run time", "cut them with --loss truncating, or leave the length open"
            else:
                fate, advice = "lose what is beyond", "let the producer make shorter rows, or leave the length open"
            lacking = course.opening([change])
            yield course.finding(
                NAME,
                course.level(LEVEL, [change], is_cured=True),
                f"rows {longer} {fate}",
                course.cure([change], "") if lacking and not course.is_planned else advice,
            )


def cuts(change: Change) -> tuple[tuple[int, int], ...]:
    """The axes, with their size after the step, on which it cuts rows or refuses long ones."""
    before, step = change
    ours, theirs = before.shape, step.result.shape
    if ours is None or theirs is None or len(ours) != len(theirs) or step.transform in {"transpose", "reshape"}:
        return ()
    loses = LOSSES.index(step.loss) >= LOSSES.index("truncating")
    is_filled = before.kind == "ragged" and step.result.kind == "dense"
    return tuple(
        (axis, size)
        for axis, (had, size) in enumerate(zip(ours, theirs, strict=True))
        if size is not None
        and ((had is None and is_filled and (loses or step.guard)) or (loses and (had is None or had > size)))
    )
