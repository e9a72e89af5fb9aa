"""The sizes that are fed are none at which the model runs.

## What it does
Follows the sizes that a signature leaves open through the graph of the consumer, and compares what its
operations demand of them with the sizes that are fed, after the plan.

## Why is this bad?
The shapes agree, and the first call fails inside the model.

## Example
    image: error[size_constraint]: required height % 4 == 0, provided height = 30
      required  image: float32[batch, height, width, 3]
      provided  image: float32[?, 30, 30, 3]
      help      feed 28 or 32; demanded by ConcatV2 of [height] and [2*(height // 2)] at `concat`

## What to do
Feed one of the sizes that are named: pad, crop or resize before the model. Where two inputs must be of one
size, feed both the same. `sigcheck show MODEL --facts` tells all that a graph demands, and where.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level
from sigcheck.sizes.feed import Unmet

NAME = "size_constraint"
ORDER = 135
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields a finding for each constraint that fails, at the first input that it is of."""
    inputs = {one.name: one for one in match.inputs}
    outputs = {one.name: one for one in match.outputs}
    bound = {one.required: one for one in match.bindings}
    for unmet in match.sizes.unmet:
        name = unmet.places[0][0]
        binding = bound[name]
        source = outputs.get(binding.provided)
        given = ", ".join(f"{size} = {number}" for size, number in unmet.sizes)
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=name,
            message=f"required {unmet.holds}, provided {given}",
            help=_cure(unmet),
            required=f"{name}: {inputs[name].sized_spec}",
            provided=f"{binding.provided}: {binding.provided_spec if source is None else source.sized_spec}",
        )


def _cure(unmet: Unmet) -> str:
    if any(isinstance(size, str) for _, size in unmet.sizes):
        advice = "no input of the producer gives a size of which it holds: bind another output"
    else:
        advice = f"feed {' or '.join(map(str, unmet.nearest))}" if unmet.nearest else "feed sizes of which it holds"
    return f"{advice}; demanded by {', '.join(unmet.because)}" if unmet.because else advice
