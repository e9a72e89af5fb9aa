"""Boxes are written in another format.

## What it does
Finds boxes whose declared format is not the one that the consumer declares: another order of the coordinates,
a centre against corners, pixels against shares of the image, or pixels of an image of another size.

## Why is this bad?
Shape and dtype agree, and every box is somewhere: crops are taken of other places, and nothing fails.

## Example
    boxes: warning[box_format_mismatch]: required boxes xyxy in pixels of 480 by 640, provided yxyx normalized
      required  boxes: float32[?, 100, 4]
      provided  detection_boxes: float32[?, 100, 4]

## What to do
Use the adapter where it converts. For pixels declare the size of the image that they are counted on,
`size = [HEIGHT, WIDTH]`, or the input or output that has it, `image = "NAME"`. Of an image whose size only the run
knows, bind `scale_boxes(OUT, IMAGE)`, which reads it there. Else correct the declaration.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.box_size import size_cure
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.box_agreement import ratio, told
from sigcheck.schema.facts import Padding
from sigcheck.schema.finding import Finding, Level

NAME = "box_format_mismatch"
ORDER = 272
LEVEL: Level = "warning"


_NO_FLOATS = "only floats are converted so; give boxes as floats, or correct the fact"
_FILLED = (
    "what fills rows would be converted with them; fill rows with 0 in the producer, or convert before they are filled"
)


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose known formats of boxes differ."""
    for course in match.courses:
        ours, theirs = course.provided.facts.boxes, course.required.facts.boxes
        if ours is not None and theirs is not None and "boxes" in course.conflicts:
            said = f"required boxes {told(theirs)}, provided {told(ours)}"
            if ratio(ours, theirs) is None:
                otherwise = size_cure(match, course.binding.provided, course.binding.required, (ours, theirs))
            else:
                otherwise = _FILLED if _is_filled(course.provided.facts.padding) else _NO_FLOATS
            yield course.mismatch("boxes", NAME, LEVEL, said, otherwise)


def _is_filled(padding: Padding | None) -> bool:
    """Whether boxes that are none are told by a number that a conversion changes."""
    return padding is not None and padding.value != 0
