"""The new version requires an input that the old one did not.

## What it does
Finds an input that is new, or was optional, and must now be fed.

## Why is this bad?
Nobody feeds it yet: every call fails.

## Example
    token_types: error[input_added_required]: the new version requires the input 'token_types'
      required  token_types: int32[?, 128]

## What to do
Give it a default, so that it is optional; or change those who call the model first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level

NAME = "input_added_required"
ORDER = 30
LEVEL: Level = "error"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each input that is required now and was not."""
    required = [endpoint for endpoint in upgrade.added("input") if not endpoint.optional]
    required += [pair.new for pair in upgrade.pairs if pair.end == "input" and pair.old.optional > pair.new.optional]
    for endpoint in required:
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=endpoint.name,
            message=f"the new version requires the input {endpoint.name!r}",
            help="give it a default, so that it is optional, or change those who call the model first",
            required=str(endpoint),
        )
