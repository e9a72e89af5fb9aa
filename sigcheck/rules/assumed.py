"""A step rests on something that neither side says.

## What it does
Names each assumption of the steps that a plan takes: which axis is which, what fills up a
row, in which order an axis splits. Statistics of the batch are `batch_statistics`.

## Why is this bad?
It may not be, but nobody checked: the specs allow what the step does and do not ask for it.

## Example
    image: warning[assumed]: transpose(perm=[0, 3, 1, 2]) assumes that axis 3 moves to 1 and the rest keep their order
      required  image: float32[?, 3, 8, 8]
      provided  pixels: float32[?, 8, 8, 3]

## What to do
Declare the fact that the assumption stands in for: `axes` for steps that move, add or split
axes, `padding` for those that fill up. `--assume error` makes assumptions errors.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules import batch_statistics
from sigcheck.rules.course import Course
from sigcheck.rules.option import FILLING_ZERO, axes_options, fact_option
from sigcheck.rules.rule import MatchView
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.plan import Step

NAME = "assumed"
LEVEL: Level = "warning"

_FILLING = frozenset({"pad", "ragged_to_dense", "sparse_to_dense"})


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each step of a plan that assumes something."""
    level: Level = "error" if match.policy.assume == "error" else LEVEL
    for course in match.courses:
        if not course.is_planned:
            continue
        for _, step in course.changes:
            if step.assumption and step.transform != batch_statistics.TRANSFORM:
                yield course.finding(NAME, level, f"{step} assumes {step.assumption}", _declare(course, step))


def _declare(course: Course, step: Step) -> str:
    ours, theirs = course.binding.provided, course.binding.required
    if step.transform in _FILLING:
        return f"declare it, as with {fact_option('consumer', theirs, 'padding', FILLING_ZERO)}"
    if step.transform == "decode_image":
        return f"declare what they are, as with {fact_option('producer', ours, 'channel_order', 'RGB')}"
    if step.transform == "decode_base64":
        return "have the producer give the picture files themselves, with the meaning encoded_image"
    names = "; any names will do" if "perm" in step.arguments else ""
    return f"declare the axes on both sides, with {axes_options(ours, theirs, step.arguments.get('perm'))}{names}"
