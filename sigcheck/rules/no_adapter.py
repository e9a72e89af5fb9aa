"""Nothing leads from the output to the input, and no single difference is the reason.

## What it does
Finds a blocked binding that no other rule explains: each difference could be cured, but no
plan within the policy and the bounds of the search cures all.

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

from sigcheck.rules.rule import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "no_adapter"
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding that is blocked, or whose search ended at a limit without a plan."""
    for course in match.courses:
        binding = course.binding
        is_cut_short = binding.verdict == "undecided" and not binding.candidates and binding.nearest is not None
        if binding.verdict != "blocked" and not is_cut_short:
            continue
        lacking = course.opening(course.changes)
        missed = "the search ended at its limit without a plan" if is_cut_short else "no plan within the policy"
        nothing = missed if is_cut_short else "no plan leads there"
        yield course.finding(
            NAME,
            LEVEL,
            f"{missed}; the nearest ends at {course.end}" if course.changes else nothing,
            f"allow it with {lacking}" if lacking else "bind another output, or write the adapter by hand",
        )
