"""The signature leaves a size open, and what is behind it does not.

## What it does
Finds an input whose last axis is `?` in the signature, and a matrix or kernel behind it that takes
one size only, or multiples of one, where the output that feeds it has another. Finds too an axis that is `?`
and that slices, croppings or windows leave nothing of, where the output that feeds it has too little.

## Why is this bad?
The shapes agree, and the first call fails inside the model.

## Example
    x: error[hidden_size_constraint]: required 16 along the last axis (MatMul with weights of shape
        [16, 4]), provided 24
      required  x: float32[?, ?]
      provided  features: float32[?, 24]
      help      pair the model with features of that size

## What to do
Feed the size that the weights were trained for, or as much as the slices need: pad what is shorter. Export
the model with it in the signature, so that others see it too.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import Pair, claim_of, seen_pairs
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.tensor_spec import Shape

NAME = "hidden_size_constraint"
ORDER = 140
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields a finding for each binding whose last axis the weights refuse, and for each axis that is too short."""
    told = {source for unmet in match.sizes.unmet for source, _ in unmet.places}
    for pair in seen_pairs(match):
        if pair.input.name in told:
            # Of this input `size_constraint` tells what fails.
            continue
        plan = pair.binding.plan
        end = plan.steps[-1].result if plan is not None and plan.steps else pair.output.spec
        if plan is None or not end.shape:
            continue
        yield from _short(pair, end.shape)
        if end.shape[-1] is None:
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


def _short(pair: Pair, shape: Shape) -> Iterator[Finding]:
    claim = claim_of(pair.input, "least_sizes")
    if claim is None or len(claim.value) != len(shape):
        return
    for axis, (given, least) in enumerate(zip(shape, claim.value, strict=True)):
        if given is not None and least is not None and given < least:
            message = f"required at least {least} along axis {axis} ({claim.reason}), provided {given}"
            yield pair.finding(NAME, LEVEL, message, "feed more, or pad what is shorter")
