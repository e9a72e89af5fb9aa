"""The signature changed, and whoever used it still can.

## What it does
Names what changed and breaks nobody: an input that takes more, of sizes or of ids, an output that
gives less, an output or an optional input that is new.

## Why is this bad?
It is not. The lock is out of date, and somebody may want to use what is new.

## Example
    logits: note[compatible_change]: the output is new
      provided  logits: float32[?, 10]

## What to do
Agree to it with `sigcheck lock`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.fact_course import fact_courses
from sigcheck.rules.views.upgrade import Pair, UpgradeView
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.shape import is_subshape
from sigcheck.sizes.narrowed import narrowed

NAME = "compatible_change"
ORDER = 130
LEVEL: Level = "note"


_HELP = "nothing to do but agree to it with `sigcheck lock`"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one note for each change that breaks nobody."""
    for pair in upgrade.pairs:
        if (said := _said(pair)) is not None:
            yield pair.finding(NAME, LEVEL, said, _HELP)
    yield from _widened(upgrade)
    new = [("output", endpoint) for endpoint in upgrade.added("output")]
    new += [("optional input", endpoint) for endpoint in upgrade.added("input") if endpoint.optional]
    for what, endpoint in new:
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=endpoint.name,
            message=f"the {what} is new",
            help=_HELP,
            provided=str(endpoint),
        )


def _widened(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields a note for each size that the graph refused before and takes now."""
    if upgrade.new is None:
        return
    ends = {pair.old.name: pair for pair in upgrade.pairs if pair.end == "input"}
    for unmet in narrowed(upgrade.new, upgrade.old):
        pair = ends.get(unmet.places[0][0])
        if pair is not None:
            yield pair.finding(NAME, LEVEL, f"takes {unmet.given}, and took {unmet.holds} only", _HELP)


def _said(pair: Pair) -> str | None:
    old, new = pair.old.spec, pair.new.spec
    if old.kind != new.kind or old.dtype != new.dtype:
        return None
    if old.shape != new.shape and is_subshape(pair.provided.spec.shape, pair.required.spec.shape):
        more = "takes more" if pair.end == "input" else "gives less"
        return f"the {pair.end} {more} than before"
    bounds = [fact for fact, became in fact_courses(pair).items() if became == "bounded"]
    if bounds == ["features"]:
        return f"the {pair.end} {'parses' if pair.end == 'input' else 'holds'} what it did before, with other features"
    if bounds:
        more = "takes more" if pair.end == "input" else "gives fewer"
        return f"the {pair.end} {more} ids than before: {', '.join(bounds)}"
    return "the input is optional now" if pair.new.optional and not pair.old.optional else None
