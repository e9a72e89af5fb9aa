"""Boxes are of a picture that an adapter fills up, cuts or resizes beside them.

## What it does
Looks at inputs of one consumer that are boxes, beside one that is a picture: by names of axes or colours, or by its
sizes. Finds boxes that stay as they were where the picture gets another edge, or is resized, and that are then of
another place in it: shares of the whole once it has a border or lost one, pixels once it is resized or cut in front.

## Why is this bad?
Each plan alone is right, and all shapes fit. Half of a picture of 224 pixels is 112 of them, and half of the same with
a border 128: what is cut out or drawn there is beside what was found, and nothing fails.

## Example
    boxes: error[misplaced_boxes]: it gets its boxes of the picture as it was, and image the picture with another lower
    right edge
      required  boxes: float32[?, 10, 4]
      provided  boxes: float32[?, 10, 4]

## What to do
Feed boxes of the picture as it becomes: bring the picture to its size where the boxes are made. Shares stay right where
a picture is resized, and pixels where it is filled up behind. Declare the unit where it is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.beside import beside_others
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.report import Binding

NAME = "misplaced_boxes"
ORDER = 47
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each input whose boxes are no longer of the picture beside them."""
    bindings = {binding.required: binding for binding in match.bindings}
    for one in match.misplaced:
        if one.is_of_boxes:
            binding = bindings[one.required]
            yield beside_others(NAME, LEVEL, one, binding, _cure(binding))


def _cure(binding: Binding) -> str:
    advice = "bring the picture to the required size in the producer, where the boxes are made"
    ours, theirs = binding.provided_spec.facts.boxes, binding.required_spec.facts.boxes
    declared = ours or theirs
    if declared is None or any(one is not None and one.unit is not None for one in (ours, theirs)):
        return advice
    options = (
        fact_option("consumer", binding.required, "boxes", f"{declared.order} {unit}")
        for unit in ("normalized", "pixels")
    )
    return f"declare of what they are, with {' or '.join(options)}; else {advice}"
