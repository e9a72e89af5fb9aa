"""The adapter was written or edited by hand.

## What it does
Finds an adapter file that is for the specs and steps of today, and is not what sigcheck writes for
them.

## Why is this bad?
What was proved is the adapter that sigcheck writes, not this one. This one is somebody's program: it
may give other values, or do anything else wherever it is imported.

## Example
    adapter: error[edited_adapter]: adapters/encoder_to_classifier.py was written or edited by hand

## What to do
Write it again with `sigcheck adapt --all --force`. Where it is meant to be so, review it as any program,
prove it in a test with `sigcheck.testing.assert_adapter(..., run_adapter=True)`, and ignore this finding
with that reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "edited_adapter"
ORDER = 50
LEVEL: Level = "error"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each adapter file that somebody edited."""
    for link in project.links:
        if link.adapter_state == "edited":
            yield Told(
                link.name,
                Finding(
                    rule=NAME,
                    level=LEVEL,
                    place="adapter",
                    message=f"{link.adapter} was written or edited by hand",
                    help=(
                        "write it with `sigcheck adapt --all --force`, or review it, prove it with assert_adapter "
                        "in a test, and ignore this"
                    ),
                ),
            )
