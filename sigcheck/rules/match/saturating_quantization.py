"""Values are quantized by a scale that does not reach them.

## What it does
Finds an output whose real values, known or seen in its graph, go beyond what the quantized input can
stand for: values in [0, 6] for an int8 input of scale 1/128. An input of float32 that its model quantizes at once
stands for no more than the numbers behind it.

## Why is this bad?
What lies beyond is cut off at the ends: the values saturate, and nothing fails.

## Example
    x: warning[saturating_quantization]: quantized values reach from -1 to 0.992188, provided values in [0, 6]
      required  x: int8[?, 10]
      provided  out: float32[?, 10]
      help      quantize the model for these values, or clip them on purpose

## What to do
Quantize the consumer with data that the producer gives. Where it was made for values in another range, declare that of
both sides: then the adapter converts.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import Pair, claim_of, seen_pairs
from sigcheck.rules.words.option import fact_option
from sigcheck.rules.words.wording import interval, number
from sigcheck.schema.facts import Facts, Range
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.stored_values import held_values, reachable
from sigcheck.schema.value_range import normalized, own_raw_range

NAME = "saturating_quantization"
ORDER = 210
LEVEL: Level = "warning"
# Of eight bits, as nearly all models have that take real numbers and quantize them.
_STEPS = 255


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose values go beyond the quantized ones by more than a step."""
    for pair in seen_pairs(match):
        reach = reachable(pair.input.spec) or _cut_off(pair.input)
        seen = claim_of(pair.output, "range", tier="proved")
        is_quantized = pair.output.spec.facts.quantization is not None
        given = pair.output.spec.facts.range or (seen.value if seen is not None and not is_quantized else None)
        if reach is None or given is None:
            continue
        is_held = is_quantized and pair.output.spec.facts.range in {pair.input.spec.facts.range, None}
        # What numbers that are stored already do not reach, no other storing can cut off.
        given = (held_values(pair.output.spec) or given) if is_held else _stored(given, pair.input.spec.facts)
        low, high, step = reach
        if given[0] < low - step or given[1] > high + step:
            yield pair.finding(
                NAME,
                LEVEL,
                f"quantized values reach from {number(low)} to {number(high)}, provided values in {interval(given)}",
                _advice(pair, given),
            )


def _cut_off(taken: Endpoint) -> tuple[float, float, float] | None:
    """The ends beyond which a model cuts off what it is fed as real numbers, and a step of what it makes of them."""
    claim = claim_of(taken, "range", tier="read")
    if claim is None or taken.spec.facts.quantization is not None:
        return None
    low, high = claim.value
    return low, high, (high - low) / _STEPS


def _advice(pair: Pair, given: Range) -> str:
    plain = "quantize the model for these values, or clip them on purpose"
    claim, facts = claim_of(pair.input, "range", tier="read"), pair.input.spec.facts
    if claim is None or facts.range is not None or facts.normalization is not None or facts.quantization is not None:
        return plain
    ours, theirs = (",".join(number(end) for end in ends) for ends in (given, claim.value))
    options = fact_option("producer", pair.output.name, "range", ours)
    options = f"{options} and {fact_option('consumer', pair.input.name, 'range', theirs)}"
    return f"declare {options}, if these are one encoding and the other, and the adapter converts; else {plain}"


def _stored(given: Range, wanted: Facts) -> Range:
    """The values once they are converted to what the consumer declares: those are what is quantized."""
    normalization = wanted.normalization
    if normalization is None:
        return wanted.range or given
    return normalized(own_raw_range(wanted) or given, normalization)
