"""Normalizing after the cast, as is often written, would lose precision.

## What it does
Says, where a plan scales or normalizes values and then casts them to a narrower float, why
the steps stand in this order.

## Why is this bad?
`tf.cast(x, tf.float16)` first, then `(x - low) / (high - low)`: the cast rounds to 11 digits
of the large numbers, and makes all beyond 65504 infinite; infinity divided by infinity is NaN.

## Example
    x: note[cast_before_normalize]: scale comes before the cast to float16: the other way round values would ...
      required  x: float16[?, 16]
      provided  output_0: float32[?, 16]

## What to do
Nothing: the adapter has the order that is safe. Keep it where you write the code by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.course import Course
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.wording import number
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.plan import Step

NAME = "cast_before_normalize"
ORDER = 320
LEVEL: Level = "note"

_NORMALIZING = frozenset({"scale", "standardize", "destandardize", "batch_min_max"})


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one note for each binding that normalizes, then casts to a narrower float."""
    for course in match.courses:
        pair = _pair(course) if course.is_planned else None
        if pair is None:
            continue
        first, cast = pair
        target = DTYPES[cast.result.dtype or "float16"]
        past = "" if target.highest is None else f" and overflow past {number(target.highest)}"
        yield course.finding(
            NAME,
            LEVEL,
            f"{first.transform} comes before the cast to {target.name}: "
            f"the other way round values would lose precision{past}",
            "keep this order where you write the conversion by hand",
        )


def _pair(course: Course) -> tuple[Step, Step] | None:
    """The normalizing step and the narrowing cast after it."""
    first: Step | None = None
    for before, step in course.changes:
        if step.transform in _NORMALIZING:
            first = first or step
        elif first is not None and step.transform in {"cast", "saturating_cast"}:
            source, target = DTYPES.get(before.dtype or ""), DTYPES.get(step.result.dtype or "")
            if source is not None and target is not None and target.kind == "float" and target.digits < source.digits:
                return first, step
    return None
