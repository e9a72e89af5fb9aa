"""Several plans are equally good and give different values.

## What it does
Finds a binding for which two or more plans lose and assume the same, and mean different
things: a reshape and a transpose, two axes of equal size, a guard and a moved axis.

## Why is this bad?
Each of them runs. Only one is right, and the specs do not say which; choosing would be a guess.

## Example
    image: error[ambiguous_plan]: 2 plans are equally good: (1) transpose(perm=[0, 3, 1, 2]); (2) ensure_shape(...)
      required  image: float32[?, 3, ?, ?]
      provided  pixels: float32[?, ?, ?, 3]

## What to do
Declare what decides: `axes` on both sides, or `padding` where one of the plans fills rows up. Where
the axes are declared, as between a crop and a resize, a pair of arrays decides: `--example PAIR.npz`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.course import Course
from sigcheck.rules.option import FILLING_ZERO, axes_options, fact_option
from sigcheck.rules.rule import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "ambiguous_plan"
LEVEL: Level = "error"

_SHOWN = 4
_FILLING = frozenset({"pad", "truncate", "crop", "resize"})


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose plans tie."""
    for course in match.courses:
        candidates = course.binding.candidates
        if not candidates:
            continue
        shown = "; ".join(f"({at}) {plan}" for at, plan in enumerate(candidates[:_SHOWN], start=1))
        more = f"; and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
        yield course.finding(
            NAME,
            LEVEL,
            f"{len(candidates)} plans are equally good and give different values: {shown}{more}",
            _declare(course),
        )


def _declare(course: Course) -> str:
    ours, theirs = course.binding.provided, course.binding.required
    if course.provided.facts.axes and course.required.facts.axes:
        return "the axes are declared and do not decide; a pair of arrays does, with --example PAIR.npz"
    moving = [
        (at, step.arguments["perm"])
        for at, plan in enumerate(course.binding.candidates, start=1)
        for step in plan.steps
        if "perm" in step.arguments and len(step.arguments["perm"]) == course.provided.rank
    ]
    if moving:
        at, perm = moving[0]
        declare = f"declare the axes on both sides; ({at}) is {axes_options(ours, theirs, perm)}, by any names"
    else:
        declare = f"declare the axes on both sides, with {axes_options(ours, theirs)}"
    if any(step.transform in _FILLING for plan in course.binding.candidates for step in plan.steps):
        return f"{declare}; or what fills rows up, with {fact_option('consumer', theirs, 'padding', FILLING_ZERO)}"
    return declare
