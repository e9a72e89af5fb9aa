"""The number of axes differs.

## What it does
Finds an output with more or fewer axes than the input requires: a missing batch axis, an
axis of size 1 too many, rows that want to be flattened.

Sizes that differ at equal rank are `size_mismatch`; a rank that is only known at run time is
`unknown_size`.

## Why is this bad?
TensorFlow refuses the tensor when the model runs, or broadcasts it to a result that nobody
meant.

## Example
    x: warning[rank_mismatch]: required rank 3, provided rank 2
      required  x: float32[?, 1, 10]
      provided  output_0: float32[?, 10]
      help      the adapter does it: expand_dims(axis=1)

## What to do
Use the adapter: adding and removing axes of size 1 and merging neighbours move no value.
Where an axis is split, the order of the parts is an assumption; declare `axes` on both sides. A consumer
without a batch, behind a producer with one, is called once for each row, with `--map`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.rules.views.course import Change, Course
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.row_by_row import row_call_help
from sigcheck.rules.words.wording import names
from sigcheck.schema.finding import Finding, Level

NAME = "rank_mismatch"
ORDER = 100
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose known ranks differ."""
    for course in match.courses:
        ours, theirs = course.provided.rank, course.required.rank
        if ours is None or theirs is None or ours == theirs or course.is_ambiguous:
            continue
        cures = course.where(lambda change: change.before.rank != change.step.result.rank)
        yield course.finding(
            NAME,
            course.level(LEVEL, cures, is_cured=course.end.rank == theirs),
            _message(course),
            _cure(course, match, cures),
        )


def _cure(course: Course, match: MatchView, cures: Sequence[Change]) -> str:
    cure = course.cure(cures, "no chain of transforms leads from the one shape to the other; bind another output")
    rows = row_call_help(match) if course.binding.verdict == "blocked" else ""
    return cure if not rows else f"{rows}; or {cure}" if cures else rows


def _message(course: Course) -> str:
    ours, theirs = course.provided, course.required
    if ours.facts.axes is None or theirs.facts.axes is None:
        return f"required rank {theirs.rank}, provided rank {ours.rank}"
    # Names bind: which of them stand in the way is seen side by side only.
    wanted, given = names(theirs.facts.axes), names(ours.facts.axes)
    return f"required rank {theirs.rank} ({wanted}), provided rank {ours.rank} ({given})"
