"""An output of the old version is gone.

## What it does
Finds an output that the old version of a model gives and the new one does not.

## Why is this bad?
Whoever takes it by name finds nothing there.

## Example
    attention: error[output_removed]: the new version gives no output 'attention'
      required  attention: float32[?, 12, 128]

## What to do
Keep the output, or change those who take it first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level

NAME = "output_removed"
ORDER = 40
LEVEL: Level = "error"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each output that is gone."""
    for endpoint in upgrade.removed("output"):
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=endpoint.name,
            message=f"the new version gives no output {endpoint.name!r}",
            help=f"keep the output, or change those who take it first{upgrade.renamed(endpoint, 'output')}",
            required=str(endpoint),
        )
