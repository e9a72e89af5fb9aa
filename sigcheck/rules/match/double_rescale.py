"""Values that are scaled already are fed to a model that scales pixels itself.

## What it does
Finds an output within [-1, 1] that feeds an input which its model scales as pixels of 0 to 255 are
scaled: by 1/255, by 1/127.5 less 1, by the means of ImageNet.

The scaling is seen in the graph. What it is for is a convention, so this is a note.

## Why is this bad?
Scaled twice, every picture is nearly black. Nothing fails.

## Example
    x: note[double_rescale]: scaled as values in [0, 255] are (Mul 0.00392157), provided values in [0, 1]
      required  x: float32[?, 224, 224, 3]
      provided  pixels: float32[?, 224, 224, 3]
      help      declare what the input takes: --fact consumer.x.range=0,255

## What to do
Feed the raw pixels, or declare the range of the input: then the adapter converts.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.encodings import is_scaled
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import claim_of, seen_pairs
from sigcheck.rules.words.wording import interval
from sigcheck.schema.finding import Finding, Level

NAME = "double_rescale"
ORDER = 240
LEVEL: Level = "note"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding of scaled values to a scaling of pixels."""
    for pair in seen_pairs(match):
        scaling = claim_of(pair.input, "range", tier="convention")
        seen = claim_of(pair.output, "range")
        given = pair.output.spec.facts.range or (seen.value if seen is not None else None)
        if scaling is None or given is None or pair.input.spec.facts.range is not None:
            continue
        if is_scaled(given, scaling.value):
            ends = interval(scaling.value)
            yield pair.finding(
                NAME,
                LEVEL,
                f"scaled as values in {ends} are ({scaling.reason}), provided values in {interval(given)}",
                f"declare what the input takes: --fact consumer.{pair.input.name}.range={ends[1:-1].replace(' ', '')}",
            )
