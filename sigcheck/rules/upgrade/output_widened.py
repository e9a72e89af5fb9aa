"""An output may have shapes that it did not have.

## What it does
Finds an output whose new shape is not held by the old one: a size that was fixed is free or
another, or the rank differs.

## Why is this bad?
Whoever takes it was built for the old shape.

## Example
    embedding: error[output_widened]: gives [?, 768], and gave [?, 512]
      required  embedding: float32[?, 512]
      provided  embedding: float32[?, 768]

## What to do
Keep the shape, or change those who take it first; `sigcheck diff` says whether an adapter saves them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.shape import format_shape, is_subshape

NAME = "output_widened"
ORDER = 80
LEVEL: Level = "error"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each output whose new shape is not held by the old one."""
    for pair in upgrade.pairs:
        old, new = pair.old.spec, pair.new.spec
        if pair.end == "output" and old.kind == new.kind and not is_subshape(new.shape, old.shape):
            shapes = f"gives {format_shape(new.shape)}, and gave {format_shape(old.shape)}"
            yield pair.finding(NAME, LEVEL, shapes, "keep what it gave, or change those who take it first")
