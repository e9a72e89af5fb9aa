"""Outputs are bound together that do not join to what is required.

## What it does
Finds outputs that are bound to one input, or inputs that are bound to one output, for which no
junction fits: no axis along which all else agrees and the sizes sum to what is required; or
only one that the policy denies. Ragged and sparse tensors are made of dense parts, and neither
joined nor parted themselves.

## Why is this bad?
The consumer cannot be fed so. Where the shapes differ only a little, two outputs of another
layer are mostly meant.

## Example
    features: error[no_junction]: no junction of a float32[?, 3], b float32[?, 3] is ...
      required  features: float32[?, 8]
      provided  a: float32[?, 3] and b: float32[?, 3]
      help      correct the binding, or name a junction that other steps can follow: concat(a, b, axis=1)

## What to do
Correct `--bind`. Where the tensors fit only after another step, name the junction, as in
`--bind 'concat(a, b, axis=1)=IN'`: then what follows it is planned.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.wording import endpoints
from sigcheck.schema.finding import Finding, Level

NAME = "no_junction"
ORDER = 40
LEVEL: Level = "error"

_CURE = "correct the binding, or name a junction that other steps can follow: concat(a, b, axis=1)"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each input whose outputs cannot be joined."""
    for one in match.unjoined:
        if one.ways:
            continue
        for required in one.inputs:
            yield Finding(
                rule=NAME,
                level=LEVEL,
                place=required.name,
                message=one.problem,
                help=one.cure or _CURE,
                required=str(required),
                provided=endpoints(one.outputs),
            )
