"""The adapter is not the one that the models need now.

## What it does
Finds an adapter file whose specs or steps are not those of today: a model changed, or the policy,
or nothing has to be adapted any more.

## Why is this bad?
It was right once. Now it fails, or gives the consumer other values than it is meant to.

## Example
    adapter: error[stale_adapter]: adapters/encoder_to_classifier.py was written for other specs or steps

## What to do
Run `sigcheck adapt --all`, look at what changed, and commit it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "stale_adapter"
ORDER = 40
LEVEL: Level = "error"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each adapter file that is out of date."""
    for link in project.links:
        if link.adapter_state == "stale":
            is_needed = link.check is not None and link.check.adapter is not None
            state = "was written for other specs or steps" if is_needed else "is not needed"
            yield Told(
                link.name,
                Finding(
                    rule=NAME,
                    level=LEVEL,
                    place="adapter",
                    message=f"{link.adapter} {state}",
                    help="run `sigcheck adapt --all` and commit the file" if is_needed else "delete the file",
                ),
            )
