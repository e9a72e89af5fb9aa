"""Nothing leads from the output to the input, and no single difference is the reason.

## What it does
Finds a blocked binding that no other rule explains: each difference could be cured, but no
plan within the policy cures all. Where a limit ended the search it is `search_limit`.

## Why is this bad?
The models cannot be joined as they are, and the reason is not one thing to mend.

## Example
    x: error[no_adapter]: no plan within the policy; the nearest ends at float32[?, 16]
      required  x: float32[?, 4, 4]
      provided  output_0: float64[?, 16]

## What to do
Look at the nearest plan and at what is left after it. Bind another output, allow more with the
policy, or write the adapter by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "no_adapter"
ORDER = 350
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding that is blocked."""
    for course in match.courses:
        if course.binding.verdict != "blocked":
            continue
        lacking = course.opening(course.changes)
        told = f"no plan within the policy; the nearest ends at {course.end}"
        yield course.finding(
            NAME,
            LEVEL,
            told if course.changes else "no plan leads there",
            f"allow it with {lacking}" if lacking else "bind another output, or write the adapter by hand",
        )
