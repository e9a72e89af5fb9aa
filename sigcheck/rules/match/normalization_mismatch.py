"""The values are normalized otherwise than the consumer was trained on.

## What it does
Finds values that have to be normalized, or brought back, by a mean and a std that one side
declares: value = (raw - mean) / std.

## Why is this bad?
Nothing fails. A model that was trained on normalized images and sees raw ones, or those of
another mean and std, predicts worse, or nonsense.

## Example
    image: warning[normalization_mismatch]: required values normalized with mean 127.5 and std 127.5 of raw values in ...
      required  image: float32[?, 224, 224, 3]
      provided  pixels: uint8[?, 224, 224, 3]

## What to do
Use the adapter: it subtracts and divides in float32. Declare `raw_range` too where mean and
std were computed on values from 0 to 1.
"""  # noqa: E501  # the example is the printed line, which is that long

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.wording import interval, normalization
from sigcheck.schema.facts import Facts
from sigcheck.schema.finding import Finding, Level

NAME = "normalization_mismatch"
ORDER = 220
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose known normalizations differ."""
    for course in match.courses:
        if "normalization" not in course.conflicts:
            continue
        cures = course.where(lambda change: change.step.transform in {"standardize", "destandardize", "scale"})
        yield course.finding(
            NAME,
            course.level(LEVEL, cures, is_cured=course.is_settled("normalization")),
            f"required {_values(course.required.facts)}, provided {_values(course.provided.facts)}",
            course.cure(cures, "declare the raw_range that mean and std belong to, or correct them"),
        )


def _values(facts: Facts) -> str:
    if facts.normalization is not None:
        return f"values normalized with {normalization(facts.normalization)}"
    return f"raw values in {interval(facts.range)}" if facts.range is not None else "raw values"
