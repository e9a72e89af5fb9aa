"""Nobody says any more what the values mean.

## What it does
Finds a fact that the old version of an input or output had and the new one has not: its value range,
normalization, quantization, meaning, count of ids, order of axes or channels, padding.

## Why is this bad?
What links converted by it they convert no longer: bytes that were scaled to [0, 1] are passed on as
they are. What was compared is compared with nothing, and passes whatever it is.

## Example
    scores: error[fact_removed]: range is not known, and was [0, 1]
      required  scores: float32[?, 10]
      provided  scores: float32[?, 10]

## What to do
Declare the fact at the model again. Where it does not hold any more, change those who rely on it
first, then agree with `sigcheck lock`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.fact_course import facts_that
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level

NAME = "fact_removed"
ORDER = 100
LEVEL: Level = "error"

_HELP = "declare it again, or change those who rely on it first"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each fact of each input and output that is gone."""
    for pair, said in facts_that("removed", upgrade):
        yield pair.finding(NAME, LEVEL, said, _HELP)
