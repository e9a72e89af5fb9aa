"""An input or output has another dtype than before.

## What it does
Finds an input or output whose dtype is not that of the old version. Where one of the two is not
known it is a warning.

## Why is this bad?
TensorFlow converts nothing by itself: the call is refused, in whichever way the dtype changed.

## Example
    ids: error[dtype_changed]: is int64, and was int32
      required  ids: int64[?, 128]
      provided  ids: int32[?, 128]

## What to do
Cast inside the model and keep the dtype, or change the other side first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level

NAME = "dtype_changed"
ORDER = 60
LEVEL: Level = "error"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each input and output whose dtype differs."""
    for pair in upgrade.pairs:
        old, new = pair.old.spec.dtype, pair.new.spec.dtype
        if old != new:
            level: Level = LEVEL if old and new else "warning"
            said = f"is {new or 'not known'}, and was {old or 'not known'}"
            yield pair.finding(
                NAME, level, said, "cast inside the model and keep the dtype, or change the other side first"
            )
