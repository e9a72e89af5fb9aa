"""An input no longer takes every shape that it took.

## What it does
Finds an input whose new shape does not hold the old one: a size that was free is fixed, a fixed
one is another, or the rank differs. Finds too a size that the graph took and now refuses.

## Why is this bad?
What was fed so far is refused, or only some of it passes.

## Example
    image: error[input_narrowed]: takes [?, 224, 224, 3], and took [?, ?, ?, 3]
      required  image: float32[?, 224, 224, 3]
      provided  image: float32[?, ?, ?, 3]

## What to do
Keep the sizes free, or resize and pad inside the model; or change those who feed it first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.shape import format_shape, is_subshape
from sigcheck.sizes.narrowed import narrowed

NAME = "input_narrowed"
ORDER = 70
LEVEL: Level = "error"

_HELP = "keep what it took, or change those who feed it first"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each input whose new shape does not hold the old one."""
    for pair in upgrade.pairs:
        old, new = pair.old.spec, pair.new.spec
        if pair.end == "input" and old.kind == new.kind and not is_subshape(old.shape, new.shape):
            shapes = f"takes {format_shape(new.shape)}, and took {format_shape(old.shape)}"
            yield pair.finding(NAME, LEVEL, shapes, _HELP)
    ends = {pair.new.name: pair for pair in upgrade.pairs if pair.end == "input"}
    if upgrade.new is None:
        return
    for unmet in narrowed(upgrade.old, upgrade.new):
        narrow = ends.get(unmet.places[0][0])
        if narrow is not None:
            yield narrow.finding(NAME, LEVEL, f"takes {unmet.holds} only, and took {unmet.given}", _HELP)
