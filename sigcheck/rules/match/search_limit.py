"""A limit ended the search for a plan before all of them were seen.

## What it does
Finds a binding that is undecided because the search looked at as many steps as it may: no plan was
found till then, or one that others, which were not looked at, might contradict.

## Why is this bad?
Nothing is known. That there is no plan was not shown, nor that the one which is shown is the only one.

## Example
    x: error[search_limit]: the search ended at its limit without a plan; the nearest ends at int32[?, 1, 1]
      required  x: float32[?, 2, 2, ?, ?]
      provided  output_0: int32[?, 4, ?]

## What to do
Declare the names of the axes on both sides, as with `--fact producer.output_0.axes=batch,row,b` and
`--fact consumer.x.axes=batch,height,width,a,b`, and what else is known: it leaves less to look at. Or bind another
output, or write the adapter by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "search_limit"
ORDER = 360
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding that is undecided and whose search a limit ended."""
    for course in match.courses:
        binding = course.binding
        if binding.verdict != "undecided" or not binding.is_cut_short:
            continue
        reached = f" without a plan; the nearest ends at {course.end}" if course.changes else " without a plan"
        rest = " before all plans were seen; the one that is shown may not be the only one"
        advice = f"declare the axes of {binding.provided} and of {binding.required}, one name for what is one axis"
        is_named = course.provided.facts.axes is not None and course.required.facts.axes is not None
        yield course.finding(
            NAME,
            LEVEL,
            f"the search ended at its limit{rest if binding.candidates else reached}",
            "bind another output, or write the adapter by hand" if is_named else advice,
        )
