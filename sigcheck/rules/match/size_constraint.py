"""The sizes that are fed are none at which the model runs.

## What it does
Follows the sizes that a signature leaves open through the graph of the consumer, and compares what its
operations demand of them with the sizes that are fed, after the plan. What fails is led to the next sizes
above or below that would do, by steps that fill, resize or cut, where these are allowed as for any shape.

## Why is this bad?
The shapes agree, and the first call fails inside the model.

## Example
    image: warning[size_constraint]: required height % 4 == 0, provided height = 30
      required  image: float32[batch, height, width, 3]
      provided  image: float32[?, 30, 30, 3]
      help      the adapter does it: pad(...); demanded by ConcatV2 of [height] and [2*(height // 2)] at `concat`

## What to do
Feed one of the sizes that are named: pad, crop or resize before the model, or look at the steps that do.
Declare `padding` where rows or pictures are filled up. Where two inputs must be of one size, feed both the
same. `sigcheck show MODEL --facts` tells all that a graph demands, and where.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.report import Binding
from sigcheck.sizes.judged import Unmet

NAME = "size_constraint"
ORDER = 135
# Where steps lead to sizes that do; without them it is an error.
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields a finding for each constraint that fails, or failed before the plan, at the first input that it is of."""
    inputs = {one.name: one for one in match.inputs}
    outputs = {one.name: one for one in match.outputs}
    bound = {one.required: one for one in match.bindings}
    for unmet in (*match.cured, *match.sizes.unmet):
        changed = [bound[name] for name, _ in unmet.places if unmet in match.cured and name in bound]
        planned = next((one for one in changed if one.plan is None or one.plan.steps), None)
        binding = planned or bound[unmet.places[0][0]]
        name = binding.required
        source = outputs.get(binding.provided)
        has_steps = planned is not None and (planned.plan is not None or bool(planned.candidates))
        yield Finding(
            rule=NAME,
            level=LEVEL if has_steps else "error",
            place=name,
            message=f"required {unmet.holds}, provided {unmet.given}",
            help=_help(unmet, planned),
            required=f"{name}: {inputs[name].sized_spec}",
            provided=f"{binding.provided}: {binding.provided_spec if source is None else source.sized_spec}",
        )


def _help(unmet: Unmet, binding: Binding | None) -> str:
    because = f"; demanded by {', '.join(unmet.because)}" if unmet.because else ""
    return f"{_cure(unmet, binding)}{because}"


def _cure(unmet: Unmet, binding: Binding | None) -> str:
    if binding is not None and binding.plan is not None:
        return f"the adapter does it: {binding.plan}"
    if any(isinstance(size, str) for _, size in unmet.sizes):
        return "no input of the producer gives a size of which it holds: bind another output"
    return f"feed {' or '.join(map(str, unmet.nearest))}" if unmet.nearest else "feed sizes of which it holds"
