"""Both value ranges are known, and they differ.

## What it does
Finds an output whose values span another range than the input wants: 0 to 255 against 0 to 1.

Ranges that only bound values, those of whole numbers and ids, differ where the output may
leave the required one. Where mean and std are declared it is `normalization_mismatch`.

## Why is this bad?
Shapes and dtypes agree, nothing fails, and every prediction is wrong.

## Example
    x: warning[value_range_mismatch]: required values in [0, 1], provided values in [0, 255]
      required  x: float32[?, 224, 224, 3]
      provided  pixels: float32[?, 224, 224, 3]
      help      the adapter does it: scale(...)

## What to do
Use the adapter: it computes in float32, before any cast to a narrower type. If one of the
declared ranges is wrong, correct it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.wording import interval
from sigcheck.schema.finding import Finding, Level

NAME = "value_range_mismatch"
ORDER = 230
LEVEL: Level = "warning"

_HELP = "correct the declared range, or convert the values in one of the models"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose known ranges differ."""
    for course in match.courses:
        ours, theirs = course.provided.facts.range, course.required.facts.range
        if "range" in course.conflicts and ours is not None and theirs is not None:
            said = f"required values in {interval(theirs)}, provided values in {interval(ours)}"
            yield course.mismatch("range", NAME, LEVEL, said, _HELP)
