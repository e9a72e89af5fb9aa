"""A link that passed does not pass any more, or by other steps.

## What it does
Plans each link that a change reaches before and after it, with the policy that was agreed, and finds
those that passed and do no longer; where nobody compares the adapters, or the models are the same and
another example decides, also those that pass by other steps. A diff shows all links, and has this finding
only where no change of a model is an error already.

## Why is this bad?
What worked fails, or the adapter that is in use makes other values than the models mean now.

## Example
    link: error[broken_link]: passed before (fits), and is blocked now
      help      keep what the link needs, or change the other side first

## What to do
Look at the changes of the two models, and at what a lint says of the link. Where it is meant, an ignore
says why.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.comparison import ComparisonView
from sigcheck.rules.views.project import Told
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.plan import PASSING
from sigcheck.schema.upgrade import LinkEffect

NAME = "broken_link"
ORDER = 30
LEVEL: Level = "error"

_KEEP = "keep what the link needs, or change the other side first"


def find(comparison: ComparisonView) -> Iterator[Told]:
    """Yields one finding for each link that is broken."""
    for one in comparison.effects:
        if comparison.is_explained:
            continue
        if one.effect == "broken":
            said = f"passed before ({one.before}), and is {one.after.verdict} now"
            if one.after.verdict in PASSING:
                said = f"passed before ({one.before}), and has errors now"
            yield _told(one.link, said, _KEEP)
        elif one.is_rewritten and not one.rebound and (one.link in comparison.redecided or not comparison.has_adapters):
            yield _told(one.link, _other_steps(one), "write its adapter again, or change the other side first")
    for link, reason in comparison.unplanned:
        yield _told(link, f"passed before, and cannot be planned now: {reason}", _KEEP)


def _other_steps(one: LinkEffect) -> str:
    steps = "; ".join(f"{b.required}: {b.whole}" for b in one.after.bindings if b.whole is not None and b.steps)
    return f"passes by other steps than before: {steps or 'none'}"


def _told(link: str, message: str, advice: str) -> Told:
    return Told(link, Finding(rule=NAME, level=LEVEL, place=link, message=message, help=advice))
