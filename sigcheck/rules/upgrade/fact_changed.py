"""Values mean something else than before.

## What it does
Finds a fact, such as the value range, the normalization or the order of the axes, that old and
new version both know and by which links now convert otherwise or not at all. Counts and bounds of ids
alone have an order: an input may take more, an output give fewer.

## Why is this bad?
Shapes and dtypes agree, nothing fails, and every prediction is wrong.

## Example
    pixels: error[fact_changed]: range is [0, 1], and was [0, 255]
      required  pixels: float32[?, 224, 224, 3]

## What to do
Convert inside the model and keep the encoding, or change the other side first; where the fact was
wrong before, agree to the new one with `sigcheck lock`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.fact_course import facts_that
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level

NAME = "fact_changed"
ORDER = 90
LEVEL: Level = "error"

_HELP = "convert inside the model and keep the encoding, or change the other side first"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each fact of each input and output that disagrees."""
    for pair, said in facts_that("changed", upgrade):
        yield pair.finding(NAME, LEVEL, said, _HELP)
