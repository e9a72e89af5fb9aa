"""Values mean something else than before.

## What it does
Finds a fact, such as the value range, the normalization or the order of the axes, that old and
new version both know and that disagree in the direction that matters: an input that took all of
[0, 255], an output that stayed in [0, 1].

## Why is this bad?
Shapes and dtypes agree, nothing fails, and every prediction is wrong.

## Example
    pixels: error[fact_changed]: range is [0, 1], and was [0, 255]
      required  pixels: float32[?, 224, 224, 3]

## What to do
Convert inside the model and keep the encoding, or change the other side first; where the fact was
wrong before, agree to the new one with `sigcheck lock`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.upgrade import UpgradeView
from sigcheck.schema.agreement import conflicts
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.value import Value

NAME = "fact_changed"
LEVEL: Level = "error"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each fact of each input and output that disagrees."""
    for pair in upgrade.pairs:
        if pair.provided.spec.facts == pair.required.spec.facts:
            continue
        for fact in conflicts(pair.provided.spec, pair.required.spec):
            old, new = (getattr(one.spec.facts, fact) for one in (pair.old, pair.new))
            advice = "convert inside the model and keep the encoding, or change the other side first"
            yield pair.finding(NAME, LEVEL, f"{fact} is {_text(new)}, and was {_text(old)}", advice)


def _text(value: object) -> str:
    if isinstance(value, Value):
        return " ".join(f"{name} {_text(one)}" for name, one in value if one is not None)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_text, value))}]"
    if value is None:
        return "not known"
    return f"{value:g}" if isinstance(value, float) else str(value)
