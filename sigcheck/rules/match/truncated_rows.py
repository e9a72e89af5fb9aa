"""Rows may be longer than the consumer takes.

## What it does
Finds a plan that cuts values off, or that refuses rows which are too long: a ragged tensor
made dense at a fixed length, an axis shortened to the required size, or a picture that is shrunk.

## Why is this bad?
What is cut off is gone: the end of a sentence, the last frames. What is refused stops the
pipeline on the first long row, perhaps months later.

## Example
    words: warning[truncated_rows]: rows longer than 12 on axis 1 are refused at run time
      required  words: int32[?, 12]
      provided  tokens: ragged int32[?, None]

## What to do
Say which of the two is meant: `--loss truncating` allows cutting, the default is to refuse.
Better, let the producer make no longer rows, or export the consumer with an open length.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.cuts import cuts
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.resizing import resize_before
from sigcheck.schema.finding import Finding, Level

NAME = "truncated_rows"
ORDER = 150
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each step that cuts rows or guards their length."""
    for course in match.courses:
        for change in course.changes:
            step = change.step
            sizes = cuts(change)
            if not sizes:
                continue
            beyond = "what is beyond is lost"
            if step.transform == "resize":
                fate, beyond, advice = "lose detail", "detail is lost", "export the consumer for pictures of that size"
            elif step.guard:
                fate, advice = "are refused at run time", "cut them with --loss truncating, or leave the length open"
            else:
                fate, advice = "lose what is beyond", "let the producer make shorter rows, or leave the length open"
                # A part of a picture is another picture: that the whole is meant is said nowhere else.
                if whole := resize_before(change.before, step.result, [axis for axis, _, _ in sizes]):
                    advice = f"where the whole of each picture is meant, {whole}"
            message = "; ".join(
                f"rows longer than {size} on axis {axis} {fate}"
                if had is None
                else f"required size {size} on axis {axis}, provided {had}: {beyond}"
                for axis, size, had in sizes
            )
            lacking = course.opening([change])
            yield course.finding(
                NAME,
                course.level(LEVEL, [change], is_cured=True),
                message,
                course.cure([change], "") if lacking and not course.is_planned else advice,
            )
