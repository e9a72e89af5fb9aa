"""Values are quantized by a scale that does not reach them.

## What it does
Finds an output whose real values, known or seen in its graph, go beyond what the quantized input can
stand for: values in [0, 6] for an int8 input of scale 1/128.

## Why is this bad?
What lies beyond is cut off at the ends: the values saturate, and nothing fails.

## Example
    x: warning[saturating_quantization]: quantized values reach from -1 to 0.992188, provided values in [0, 6]
      required  x: int8[?, 10]
      provided  out: float32[?, 10]
      help      quantize the model for these values, or clip them on purpose

## What to do
Quantize the consumer with data that the producer gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.rule import MatchView
from sigcheck.rules.seen import claim_of, seen_pairs
from sigcheck.rules.wording import interval, number
from sigcheck.schema.agreement import real_range
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "saturating_quantization"
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose values go beyond the quantized ones by more than a step."""
    for pair in seen_pairs(match):
        reach = _reach(pair.input.spec)
        seen = claim_of(pair.output, "range", tier="proved")
        is_quantized = pair.output.spec.facts.quantization is not None
        given = real_range(pair.output.spec) or (seen.value if seen is not None and not is_quantized else None)
        if reach is None or given is None:
            continue
        low, high, step = reach
        if given[0] < low - step or given[1] > high + step:
            yield pair.finding(
                NAME,
                LEVEL,
                f"quantized values reach from {number(low)} to {number(high)}, provided values in {interval(given)}",
                "quantize the model for these values, or clip them on purpose",
            )


def _reach(spec: TensorSpec) -> tuple[float, float, float] | None:
    """The least and the greatest real value that a quantized spec can hold, and one step."""
    quantization, dtype = spec.facts.quantization, DTYPES.get(spec.dtype or "")
    if quantization is None or len(quantization.scale) > 1 or dtype is None:
        return None
    if dtype.lowest is None or dtype.highest is None or dtype.kind not in {"int", "uint"}:
        return None
    scale, zero_point = quantization.scale[0], quantization.zero_point[0]
    return scale * (dtype.lowest - zero_point), scale * (dtype.highest - zero_point), scale
