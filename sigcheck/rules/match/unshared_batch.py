"""An input gets another number of examples than the other inputs of its consumer.

## What it does
Compares what becomes of the batch on the way to each input of one consumer: the axis that both sides
name batch, else the first one where its size is open. Finds inputs that get the examples of another axis,
several times as many as the others, or one only.

## Why is this bad?
Each plan alone is right, and every call of the consumer fails; or it broadcasts one example to all.

## Example
    title: error[unshared_batch]: it gets 3 times the batch of titles, and user_id the batch of user
      required  title: string[?]
      provided  titles: string[?, 3]

## What to do
Bind outputs of one batch, or bring them to one in the producer. Where the inputs share no batch, say so by
naming their first axes otherwise: `consumer.NAME.axes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from sigcheck.planning.batch import find_unshared
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.finding import Finding, Level

NAME = "unshared_batch"
ORDER = 45
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each input whose batch is another one."""
    bindings = {binding.required: binding for binding in match.bindings}
    for one in find_unshared(match.bindings):
        binding = bindings[one.required]
        axes = ",".join(ascii_lowercase[: binding.required_spec.rank or 0])
        others = f"{', '.join(one.others[:-1])} and {one.others[-1]}" if len(one.others) > 1 else one.others[0]
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=one.required,
            message=f"it gets {one.own}, and {others} {one.other}",
            help="bind outputs of one batch; where the inputs share none, name the first axis otherwise, as with "
            + fact_option("consumer", one.required, "axes", axes),
            required=f"{one.required}: {binding.required_spec}",
            provided=f"{binding.provided}: {binding.provided_spec}",
        )
