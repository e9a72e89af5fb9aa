"""A tensor is dense, ragged or sparse, and was not before.

## What it does
Finds an input or output of another kind than in the old version, or a ragged one with another
ragged rank or dtype of its row splits.

## Why is this bad?
Ragged and sparse tensors are several tensors to whoever feeds or takes them.

## Example
    tokens: error[kind_changed]: is dense, and was ragged
      required  tokens: ragged int32[?, None]
      provided  tokens: int32[?, ?]

## What to do
Convert inside the model and keep the kind, or change the other side first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "kind_changed"
ORDER = 50
LEVEL: Level = "error"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each input and output whose kind differs."""
    for pair in upgrade.pairs:
        old, new = _kind(pair.old.spec), _kind(pair.new.spec)
        if old != new:
            advice = "convert inside the model and keep the kind, or change the other side first"
            yield pair.finding(NAME, LEVEL, f"is {new}, and was {old}", advice)


def _kind(spec: TensorSpec) -> str:
    if spec.kind != "ragged":
        return spec.kind
    return f"ragged of ragged rank {spec.ragged_rank}, {spec.row_splits_dtype} row splits"
