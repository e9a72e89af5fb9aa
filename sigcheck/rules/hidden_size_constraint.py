"""The signature leaves a size open, and the weights behind it do not.

## What it does
Finds an input whose last axis is `?` in the signature, and a matrix or kernel behind it that takes
one size only, or multiples of one, where the output that feeds it has another.

## Why is this bad?
The shapes agree, and the first call fails inside the model.

## Example
    x: error[hidden_size_constraint]: required 16 along the last axis (MatMul with weights of shape
        [16, 4]), provided 24
      required  x: float32[?, ?]
      provided  features: float32[?, 24]
      help      pair the model with features of that size

## What to do
Feed the size that the weights were trained for. Export the model with it in the signature, so that
others see it too.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.rule import MatchView
from sigcheck.rules.seen import claim_of, seen_pairs
from sigcheck.schema.finding import Finding, Level

NAME = "hidden_size_constraint"
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose last axis has a size that the weights refuse."""
    for pair in seen_pairs(match):
        plan = pair.binding.plan
        end = plan.steps[-1].result if plan is not None and plan.steps else pair.output.spec
        if plan is None or not end.shape or end.shape[-1] is None:
            continue
        given = end.shape[-1]
        exact, divisor = claim_of(pair.input, "last_size"), claim_of(pair.input, "last_size_multiple")
        if exact is not None and given != exact.value:
            wanted = f"{exact.value} along the last axis ({exact.reason})"
        elif divisor is not None and given % divisor.value:
            wanted = f"a multiple of {divisor.value} along the last axis ({divisor.reason})"
        else:
            continue
        yield pair.finding(
            NAME, LEVEL, f"required {wanted}, provided {given}", "pair the model with features of that size"
        )
