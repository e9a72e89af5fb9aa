"""Values are normalized by the least and greatest of their batch.

## What it does
Finds a plan that uses `batch_min_max`, which the policy allowed by name. It is an assumption,
an error under `--assume error`; `assumed` does not repeat it.

## Why is this bad?
The result of one row depends on the rows beside it: the same image gives other values in
another batch, and a batch of one is always stretched to the whole range.

## Example
    x: warning[batch_statistics]: values are scaled by the least and greatest value of each batch, so ...
      required  x: float16[?, 16]
      provided  output_0: float32[?, 16]

## What to do
Measure the range once, on data like that of production, and declare it with
`--fact producer.output_0.range=LOW,HIGH`; then leave `--allow batch_min_max` out.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.finding import Finding, Level
from sigcheck.transforms import batch_min_max

NAME = "batch_statistics"
ORDER = 300
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each step that takes its numbers from the batch."""
    default: Level = "error" if match.policy.assume == "error" else LEVEL
    for course in match.courses:
        changes = course.where(lambda change: change.step.transform == batch_min_max.NAME)
        for change in changes:
            option = fact_option("producer", course.binding.provided, "range", "LOW,HIGH")
            declare = f"declare the range of the output, with {option}"
            lacking = course.opening([change])
            yield course.finding(
                NAME,
                course.level(default, [change], is_cured=True),
                "values are scaled by the least and greatest value of each batch, so results depend on the batch",
                f"{declare}; or allow it with {lacking}" if lacking and not course.is_planned else declare,
            )
