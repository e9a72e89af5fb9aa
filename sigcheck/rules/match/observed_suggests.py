"""Data lies in another range than the consumer takes, and nobody declared which encoding it has.

## What it does
Looks at data of an output whose range nobody declared. Where the consumer's range is declared or proved by its graph,
and the data is plainly in another one, it says the declaration that would make the plan convert.

## Why is this bad?
Undeclared ranges are not compared, so that pictures in [0, 255] reach a model of [0, 1] and every prediction is wrong.

## Example
    x: warning[observed_suggests]: data of pixels lies in [0, 255], the input takes [0, 1]
      required  x: float32[?, 224, 224, 3]
      provided  pixels: float32[?, 224, 224, 3]
      help      declare it, if that is its encoding: --fact producer.pixels.range=0,255 (1,000 rows of samples.npz)

## What to do
Declare the ends that the encoding has. The suggestion is a usual encoding where the data fits one, else the ends that
the data has.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.encodings import usual_ends
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import claim_of, seen_pairs
from sigcheck.rules.views.shown import shown_endpoints
from sigcheck.rules.words.option import fact_option
from sigcheck.rules.words.wording import interval, number
from sigcheck.schema.agreement import is_bound
from sigcheck.schema.facts import Range
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.signature import Endpoint

NAME = "observed_suggests"
ORDER = 314
LEVEL: Level = "warning"

# Data in [0, 1] before a model of [0, 255]; data in [0, 1] before one of [-1, 1] may be its brighter half.
_NARROW = 0.1


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose output has data in another range than the input takes."""
    shown = {one.endpoint.name: one for one in shown_endpoints(match) if one.side == "producer"}
    for pair in seen_pairs(match):
        data, wanted = shown.get(pair.output.name), _taken(pair.input)
        facts = pair.output.spec.facts
        is_known = facts.range is not None or facts.normalization is not None or facts.quantization is not None
        if data is None or data.evidence.values is None or wanted is None or is_known:
            continue
        if is_bound(pair.output.spec, pair.input.spec):
            continue
        values = data.evidence.values
        likely = usual_ends(values, is_whole=data.evidence.whole is True) or values
        if not likely[0] < likely[1] or likely == wanted or not _is_of_other(values, likely, wanted):
            continue
        ends = ",".join(number(end) for end in likely)
        option = fact_option("producer", pair.output.name, "range", ends)
        yield pair.finding(
            NAME,
            LEVEL,
            f"data of {pair.output.name} lies in {interval(values)}, the input takes {interval(wanted)}",
            f"declare it, if that is its encoding: {option} ({data.behind})",
        )


def _taken(endpoint: Endpoint) -> Range | None:
    """The range that the input is known to take."""
    facts = endpoint.spec.facts
    if facts.quantization is not None:
        return None
    if facts.normalization is not None:
        return facts.normalization.raw_range
    claim = claim_of(endpoint, "range")
    return facts.range if facts.range is not None or claim is None or claim.tier == "convention" else claim.value


def _is_of_other(values: tuple[float, float], likely: Range, wanted: Range) -> bool:
    """Whether the data leaves the range, or its encoding is so much narrower that it cannot be meant to fill it."""
    is_outside = values[0] < wanted[0] or values[1] > wanted[1]
    return is_outside or likely[1] - likely[0] < _NARROW * (wanted[1] - wanted[0])
