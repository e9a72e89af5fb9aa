"""An ignore of the config matches nothing.

## What it does
Finds an entry under [[ignore]] whose finding is not there any more.

## Why is this bad?
It would hide the fault when it comes back, with a reason that was given for another one.

## Example
    encoder: warning[unmatched_ignore]: nothing to ignore: lossy_cast is not found there

## What to do
Delete the entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "unmatched_ignore"
ORDER = 120
LEVEL: Level = "warning"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each ignore that matched nothing."""
    for subject, rule in project.unmatched:
        message = f"nothing to ignore: {rule} is not found there"
        yield Told(subject, Finding(rule=NAME, level=LEVEL, place=subject, message=message, help="delete the entry"))
