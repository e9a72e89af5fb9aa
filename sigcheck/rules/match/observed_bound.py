"""The steps of a plan rest on ends that data showed, and nobody declared.

## What it does
Names each range that `sigcheck observe` wrote into a file of facts and that a step converts by, or without which
the pair would not pass. The adapter asserts it at run time, unless the policy trusts what was observed.

## Why is this bad?
Data shows the ends of what was seen, not those of the encoding: pictures whose darkest pixel is 3 are scaled as if
3 were black, and a value beyond the ends leaves the range that the consumer takes.

## Example
    x: warning[observed_bound]: scale(from=[3, 251], to=[0, 1]) rests on [3, 251], which was observed
      required  x: float32[?, 32, 32, 3]
      provided  pixels: float32[?, 32, 32, 3]
      help      declare the ends of the encoding: --fact producer.pixels.range=0,255

## What to do
Declare the ends that the encoding has, such as [0, 255], where they are known: what is declared behind the file of
facts replaces what was observed, and nothing is asserted. Where data is all that there is, as for min-max scaling by
precomputed statistics, the warning stays; `--trust observed` leaves the assertion out.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.course import Course
from sigcheck.rules.views.encodings import usual_ends
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.rules.words.wording import interval, number
from sigcheck.schema.facts import Range
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "observed_bound"
ORDER = 315
LEVEL: Level = "warning"

_GUARD = "guard_range"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields a finding for each step that takes an observed range to another; else one where the plan asserts it."""
    for course in match.courses:
        if not course.is_planned:
            continue
        is_asserted = any(change.step.transform == _GUARD for change in course.changes)
        told = list(_conversions(match, course, rests=is_asserted or "observed" in match.policy.trust))
        yield from told
        ends = _observed(course.provided)
        if not told and is_asserted and ends is not None:
            message = f"the plan rests on values in {interval(ends)}, which was observed"
            yield course.finding(NAME, LEVEL, message, _advice(match, "producer", course.binding.provided, ends))


def _conversions(match: MatchView, course: Course, *, rests: bool) -> Iterator[Finding]:
    """Yields what converts by observed ends; of the output's only where the plan `rests` on them."""
    for before, step in course.changes:
        given, made = before.facts, step.result.facts
        if given.range is None or given.range == made.range:
            continue
        sides = (
            ("producer", course.provided, course.binding.provided),
            ("consumer", course.required, course.binding.required),
        )
        for side, spec, name in sides:
            ends = _observed(spec) if rests or side == "consumer" else None
            if ends is not None and ends in {given.range, made.range}:
                message = f"{step} rests on {interval(ends)}, which was observed"
                yield course.finding(NAME, LEVEL, message, _advice(match, side, name, ends))


def _observed(spec: TensorSpec) -> Range | None:
    return spec.facts.range if spec.facts.origins.get("range") == "observed" else None


def _advice(match: MatchView, side: str, name: str, ends: Range) -> str:
    """The declaration, with the usual encoding that the data fits."""
    evidence = match.evidence.get(side, {}).get(name)
    likely = usual_ends(ends, is_whole=evidence is not None and evidence.whole is True)
    written = "..." if likely is None else ",".join(number(end) for end in likely)
    return f"declare the ends of the encoding: {fact_option(side, name, 'range', written)}"
