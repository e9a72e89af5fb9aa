"""A link that was agreed on is gone from the config, and both of its models are there.

## What it does
Finds a link of the old project that the new one does not have.

## Why is this bad?
A link that is not there is not checked: deleting it is the shortest way to make it pass.

## Example
    link: error[link_removed]: the link is gone, and both models are there
      help      keep it, or say in an ignore why the one feeds the other no more

## What to do
Keep the link. Where the one model feeds the other no more, an ignore says so: `rule = "link_removed"`,
its old name as `link`, and the `reason`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.comparison import ComparisonView
from sigcheck.rules.views.project import Told
from sigcheck.schema.finding import Finding, Level

NAME = "link_removed"
ORDER = 20
LEVEL: Level = "error"


def find(comparison: ComparisonView) -> Iterator[Told]:
    """Yields one finding for each link that is gone."""
    for name in comparison.removed_links:
        advice = "keep it, or say in an ignore why the one feeds the other no more"
        said = "the link is gone, and both models are there"
        yield Told(name, Finding(rule=NAME, level=LEVEL, place=name, message=said, help=advice))
