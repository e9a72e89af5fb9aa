"""The steps of a plan rest on ends that data showed, and nobody declared.

## What it does
Names each range that `sigcheck observe` wrote into a file of facts and that a step converts by.

## Why is this bad?
Data shows the ends of what was seen, not those of the encoding: pictures whose darkest pixel is 3 are scaled as if
3 were black, and a value beyond the ends leaves the range that the consumer takes.

## Example
    x: warning[observed_bound]: scale(from=[3, 251], to=[0, 1]) rests on [3, 251], which was observed
      required  x: float32[?, 32, 32, 3]
      provided  pixels: float32[?, 32, 32, 3]
      help      declare the ends of the encoding: --fact producer.pixels.range=...

## What to do
Declare the ends that the encoding has, such as [0, 255], where they are known: what is declared behind the file of
facts replaces what was observed. Where data is all that there is, as for min-max scaling by precomputed
statistics, the warning stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.rules.words.wording import interval
from sigcheck.schema.finding import Finding, Level

NAME = "observed_bound"
ORDER = 315
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each step that takes an observed range to another one."""
    for course in match.courses:
        if not course.is_planned:
            continue
        for before, step in course.changes:
            given, made = before.facts, step.result.facts
            if given.range is None or given.range == made.range:
                continue
            sides = (
                ("producer", course.binding.provided_spec, course.binding.provided),
                ("consumer", course.binding.required_spec, course.binding.required),
            )
            for side, spec, name in sides:
                ends = spec.facts.range if spec.facts.origins.get("range") == "observed" else None
                if ends is not None and ends in {given.range, made.range}:
                    yield course.finding(
                        NAME,
                        LEVEL,
                        f"{step} rests on {interval(ends)}, which was observed",
                        f"declare the ends of the encoding: {fact_option(side, name, 'range', '...')}",
                    )
