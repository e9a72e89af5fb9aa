"""A step rests on something that neither side says.

## What it does
Names each assumption of the steps that a plan takes: which axis is which, what fills up a
row, in which order an axis splits. Statistics of the batch are `batch_statistics`, a mean or one entry
of an axis is `reduced_axis`; a plan that makes values up, and does not pass for it, is `invented_values`.

## Why is this bad?
It may not be, but nobody checked: the specs allow what the step does and do not ask for it.

## Example
    image: warning[assumed]: transpose(perm=[0, 3, 1, 2]) assumes the axes are meant in the order [0, 3, 1, 2]
      required  image: float32[?, 3, 8, 8]
      provided  pixels: float32[?, 8, 8, 3]

## What to do
Declare the fact that the assumption stands in for: `axes` for steps that move, add or split
axes, or that mean one of several; `padding` for those that fill up. Where no fact ends it, as for the
middle of a picture, it stays for people to see. `--assume error` makes assumptions errors; `--assume
warn` is what lets values be made up, which is an assumption then.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.planning.goal import is_permitted
from sigcheck.rules.views.course import Course
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.undeclared import declare
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.plan import Step
from sigcheck.transforms import REDUCING, batch_min_max

NAME = "assumed"
ORDER = 310
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each step of a plan that assumes something."""
    level: Level = "error" if match.policy.assume == "error" else LEVEL
    for course in match.courses:
        if not course.is_planned:
            continue
        for _, step in course.changes:
            is_told = step.transform == batch_min_max.NAME or step.transform in REDUCING
            if step.assumption and not is_told and _is_taken(course, step):
                told = declare(course, step, match.inputs)
                yield course.finding(NAME, level, f"{step} assumes {step.assumption}", told)


def _is_taken(course: Course, step: Step) -> bool:
    return course.binding.plan is not None or is_permitted(step, course.policy)
