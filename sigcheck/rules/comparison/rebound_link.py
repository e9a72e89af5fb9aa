"""A link that was agreed on passes still, and feeds an input otherwise.

## What it does
Finds an input of a link that another output, or another constant, feeds than was agreed, though what fed
it is still there: a `bind` or a `const` that changed, or a new output that has its name.

## Why is this bad?
Both outputs may fit, and mean two things: nothing fails, and the consumer is fed other values from now on.

## Example
    link: error[rebound_link]: class_ids was fed from top_5, and is fed from top_1 now
      help      bind it as it was, or say in an ignore why it is fed otherwise now

## What to do
Bind the input as it was. Where the change is meant, an ignore says so: `rule = "rebound_link"`, the `link`
and the `reason`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.comparison import ComparisonView
from sigcheck.rules.views.project import Told
from sigcheck.schema.finding import Finding, Level

NAME = "rebound_link"
ORDER = 35
LEVEL: Level = "error"

_ADVICE = "bind it as it was, or say in an ignore why it is fed otherwise now"


def find(comparison: ComparisonView) -> Iterator[Told]:
    """Yields one finding for each link with inputs that are fed otherwise."""
    for one in comparison.effects:
        if one.rebound and one.effect != "broken":
            said = "; ".join(
                f"{end.required} was fed from {end.before}, and is fed from {end.after} now" for end in one.rebound
            )
            yield Told(one.link, Finding(rule=NAME, level=LEVEL, place=one.link, message=said, help=_ADVICE))
