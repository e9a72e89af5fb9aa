"""Values are quantized in steps that tell few of them apart.

## What it does
Finds an output whose real values, known or seen in its graph, span only a few steps of the quantized input: values in
[0, 1] for a uint8 input of scale 1, which was made for values in [0, 255].

## Why is this bad?
Rounded to whole steps, a picture in [0, 1] is black and white. Nothing fails.

## Example
    x: warning[coarse_quantization]: stored in steps of 1, provided values in [0, 1]: 2 numbers tell them apart
      required  x: uint8[?, 32, 32, 3]
      provided  image: float32[?, 32, 32, 3]
      help      declare what the input takes: --fact consumer.x.range=0,255

## What to do
Where the model was quantized for other values, declare the range of both sides: then the adapter converts. Else
quantize it with data that the producer gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import Pair, claim_of, seen_pairs
from sigcheck.rules.words.option import fact_option
from sigcheck.rules.words.wording import interval, number
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Range
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.stored_values import reachable

NAME = "coarse_quantization"
ORDER = 211
LEVEL: Level = "warning"
# A sixteenth of what eight bits have.
_FEW = 16
# What a graph gives is taken for an encoding where it is one of these; other ends only bound the values.
_ENCODINGS = frozenset({(0.0, 1.0), (-1.0, 1.0)})


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding of real numbers to a quantized input that has few steps for them."""
    for pair in seen_pairs(match):
        reach, given = reachable(pair.input.spec), _given(pair)
        if reach is None or given is None:
            continue
        low, high, step = reach
        steps = (min(given[1], high) - max(given[0], low)) / step
        if not 0 <= steps < _FEW:
            # What lies beyond all of them is cut off, which is another finding.
            continue
        option = fact_option("consumer", pair.input.name, "range", f"{number(low)},{number(high)}")
        is_known = pair.output.spec.facts.range is not None or given in _ENCODINGS
        said = f"stored in steps of {number(step)}, provided values in {interval(given)}"
        yield pair.finding(
            NAME,
            LEVEL,
            f"{said}: {round(steps) + 1} numbers tell them apart",
            f"declare what the input takes: {option}{'' if is_known else ', and the range of the output'}",
        )


def _given(pair: Pair) -> Range | None:
    """The ends of the real numbers that are stored as they are; None where they are whole, or converted before."""
    ours, theirs = pair.output.spec, pair.input.spec.facts
    is_converted = theirs.range is not None or theirs.normalization is not None
    is_told = ours.facts.quantization is not None or ours.facts.meaning in {"mask", "class_ids"}
    if is_converted or is_told or DTYPES[ours.dtype or "variant"].kind != "float":
        return None
    seen = claim_of(pair.output, "range", tier="proved")
    return ours.facts.range or (seen.value if seen is not None else None)
