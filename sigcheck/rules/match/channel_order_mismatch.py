"""The colour channels are in another order, or others.

## What it does
Finds an image whose declared channel order is not the one that the consumer declares: RGB
against BGR, GRAY against RGB.

## Why is this bad?
Shape, dtype and range agree. Red and blue swapped costs accuracy that no test of shapes sees.

## Example
    image: warning[channel_order_mismatch]: required channels in the order RGB, provided BGR
      required  image: float32[?, 224, 224, 3]
      provided  frame: float32[?, 224, 224, 3]

## What to do
Use the adapter where it converts. Else convert the images before the producer, or correct
the declaration.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "channel_order_mismatch"
ORDER = 270
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose known channel orders differ."""
    for course in match.courses:
        ours, theirs = course.provided.facts.channel_order, course.required.facts.channel_order
        if "channel_order" in course.conflicts:
            said = f"required channels in the order {theirs}, provided {ours}"
            otherwise = f"no transform turns {ours} into {theirs}; convert the images, or correct the fact"
            yield course.mismatch("channel_order", NAME, LEVEL, said, otherwise)
