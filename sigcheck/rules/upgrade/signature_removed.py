"""A signature of the old version is gone.

## What it does
Finds a signature key that the old version of a model has and the new one has not.

## Why is this bad?
Whoever calls the model by this key gets an error, at the first request.

## Example
    encode: error[signature_removed]: the new version has no signature 'encode'
      required  inputs x; outputs embedding

## What to do
Export the model with this signature too, or change those who call it first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level

NAME = "signature_removed"
ORDER = 10
LEVEL: Level = "error"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding where the new version has no such signature."""
    if upgrade.new is None:
        old = upgrade.old
        inputs, outputs = (", ".join(one.name for one in side) or "none" for side in (old.inputs, old.outputs))
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=old.key,
            message=f"the new version has no signature {old.key!r}",
            help="export the model with this signature too, or change those who call it first",
            required=f"inputs {inputs}; outputs {outputs}",
        )
