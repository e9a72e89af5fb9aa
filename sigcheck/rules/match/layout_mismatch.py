"""The axes stand in another order.

## What it does
Finds axes that have to be moved: height, width, channel against channel, height, width. Seen
in declared axes names, or in sizes that one moved axis explains.

## Why is this bad?
A reshape to the required sizes would run without an error and scramble every image. Where
sizes are equal or unknown not even the shape tells.

## Example
    image: warning[layout_mismatch]: required axes in another order: [?, 3, 8, 8], provided [?, 8, 8, 3]
      required  image: float32[?, 3, 8, 8]
      provided  pixels: float32[?, 8, 8, 3]
      help      the adapter does it: transpose(perm=[0, 3, 1, 2])

## What to do
Declare the axes on both sides, with `--fact producer.pixels.axes=batch,height,width,channel`
and the same for the consumer: the transpose then follows from names and assumes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.course import Course
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.wording import names
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.shape import format_shape

NAME = "layout_mismatch"
ORDER = 110
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose axes have to be moved."""
    for course in match.courses:
        moves = course.where(lambda change: change.step.transform == "transpose")
        if not moves and "axes" not in course.conflicts:
            continue
        yield course.finding(
            NAME,
            course.level(LEVEL, moves, is_cured=course.is_settled("axes")),
            _message(course),
            course.cure(moves, "move the axes in one of the models, or correct the declared names"),
        )


def _message(course: Course) -> str:
    ours, theirs = course.provided.facts.axes, course.required.facts.axes
    if ours is not None and theirs is not None:
        return f"required axes {names(theirs)}; provided {names(ours)}"
    shapes = format_shape(course.required.shape), format_shape(course.provided.shape)
    return f"required axes in another order: {shapes[0]}, provided {shapes[1]}"
