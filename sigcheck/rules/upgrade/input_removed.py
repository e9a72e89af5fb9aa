"""An input of the old version is gone.

## What it does
Finds an input that the old version of a model takes and the new one does not.

## Why is this bad?
Whoever feeds it by name gets an error: TensorFlow refuses arguments that a signature does not have.

## Example
    mask: error[input_removed]: the new version takes no input 'mask'
      provided  mask: int32[?, 128]

## What to do
Keep the input, also where it is not used any more; or change those who feed it first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level

NAME = "input_removed"
ORDER = 20
LEVEL: Level = "error"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each input that is gone."""
    for endpoint in upgrade.removed("input"):
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=endpoint.name,
            message=f"the new version takes no input {endpoint.name!r}",
            help=f"keep the input, or change those who feed it first{upgrade.renamed(endpoint, 'input')}",
            provided=str(endpoint),
        )
